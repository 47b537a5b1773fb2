using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ZoeyKlaviyo.Core.Storage.Postgres;
using ZoeyKlaviyo.Core.Storage.Sqlite;

namespace ZoeyKlaviyo.Core.Storage;

public static class StorageRegistration
{
    /// <exception cref="InvalidOperationException"><c>Database:Provider</c> is neither <c>Sqlite</c> nor <c>Postgres</c>.</exception>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        var provider = ParseProvider(configuration["Database:Provider"]);
        var connectionString = configuration.GetConnectionString("ZoeyKlaviyo") is { Length: > 0 } configured
            ? configured
            : DatabaseOptions.DefaultConnectionString;
        services.Configure<DatabaseOptions>(options =>
        {
            options.Provider = provider;
            options.ConnectionString = connectionString;
        });
        if (provider == DatabaseProvider.Postgres)
            services.AddContext<PostgresAppDbContext>(options => options.UseNpgsql(connectionString));
        else
            services.AddContext<SqliteAppDbContext>(options => options.UseSqlite(connectionString).AddInterceptors(new SqliteConnectionSetup()));
        services.AddSingleton<Database>();
        services.AddSingleton<DatabaseStart>();
        services.AddSingleton<ProtectionKeys>();
        return services;
    }

    private static DatabaseProvider ParseProvider(string? text) =>
        text is null or "" ? DatabaseProvider.Sqlite
        : Enum.TryParse<DatabaseProvider>(text, ignoreCase: true, out var provider) && Enum.IsDefined(provider) ? provider
        : throw new InvalidOperationException($"Database:Provider is \"{text}\"; allowed values are Sqlite and Postgres.");

    private static void AddContext<T>(this IServiceCollection services, Action<DbContextOptionsBuilder> configure)
        where T : AppDbContext
    {
        services.AddDbContextFactory<T>(configure);
        services.AddSingleton<IDbContextFactory<AppDbContext>, ContextFactory<T>>();
    }

    private sealed class ContextFactory<T>(IDbContextFactory<T> inner) : IDbContextFactory<AppDbContext>
        where T : AppDbContext
    {
        public AppDbContext CreateDbContext() => inner.CreateDbContext();

        public async Task<AppDbContext> CreateDbContextAsync(CancellationToken cancellationToken = default) =>
            await inner.CreateDbContextAsync(cancellationToken);
    }
}
