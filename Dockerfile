FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
# Project files first: the packages are restored again only when one of these changes.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt ./
COPY ZoeyKlaviyo.Core/ZoeyKlaviyo.Core.csproj ZoeyKlaviyo.Core/
COPY ZoeyKlaviyo.Admin/ZoeyKlaviyo.Admin.csproj ZoeyKlaviyo.Admin/
RUN dotnet restore ZoeyKlaviyo.Admin -p:Configuration=Release
COPY .editorconfig appsettings.json ./
COPY ZoeyKlaviyo.Core/ ZoeyKlaviyo.Core/
COPY ZoeyKlaviyo.Admin/ ZoeyKlaviyo.Admin/
RUN dotnet publish ZoeyKlaviyo.Admin -c Release --no-restore -o /app && mkdir /app/data

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
COPY --from=build --chown=$APP_UID:$APP_UID /app/data ./data
# The SQLite file, if the database is not PostgreSQL.
VOLUME /app/data
ENV ASPNETCORE_HTTP_PORTS=8080
EXPOSE 8080
USER $APP_UID
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["dotnet", "ZoeyKlaviyo.Admin.dll", "--healthcheck"]
ENTRYPOINT ["dotnet", "ZoeyKlaviyo.Admin.dll"]
