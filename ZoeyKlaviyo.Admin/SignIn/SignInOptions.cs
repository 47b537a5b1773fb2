using ZoeyKlaviyo.Admin.Hosting;

namespace ZoeyKlaviyo.Admin.SignIn;

internal enum SignInMode
{
    Oidc,
    Development,
}

/// <summary>Section <c>Authentication</c>.</summary>
internal sealed record SignInOptions(SignInMode Mode, OidcOptions? Oidc)
{
    /// <exception cref="StartRefusedException">A key is missing, wrong, or not allowed in this environment.</exception>
    public static SignInOptions Read(IConfiguration configuration, IHostEnvironment environment)
    {
        var mode = ReadMode(configuration["Authentication:Mode"], environment);
        if (mode == SignInMode.Development && environment.IsProduction())
        {
            throw new StartRefusedException(
                "Authentication:Mode is Development, which lets anyone in without a password: it is refused in Production. " +
                "Set Authentication:Mode to Oidc and the keys under Authentication:Oidc.");
        }

        return new SignInOptions(mode, mode == SignInMode.Oidc ? OidcOptions.Read(configuration.GetSection("Authentication:Oidc")) : null);
    }

    private static SignInMode ReadMode(string? text, IHostEnvironment environment) =>
        string.IsNullOrEmpty(text) ? environment.IsDevelopment() ? SignInMode.Development : SignInMode.Oidc
        : Enum.GetNames<SignInMode>().FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name ? Enum.Parse<SignInMode>(name)
        : throw new StartRefusedException($"Authentication:Mode is \"{text}\"; allowed values are Oidc and Development.");
}

/// <summary>Section <c>Authentication:Oidc</c>.</summary>
internal sealed record OidcOptions(string Authority, string ClientId, string ClientSecret, string RoleClaim, string StoreClaim, bool RequireHttps)
{
    public static OidcOptions Read(IConfigurationSection section)
    {
        var missing = new[] { nameof(Authority), nameof(ClientId), nameof(ClientSecret) }.Where(key => string.IsNullOrEmpty(section[key])).ToList();
        if (missing.Count > 0)
        {
            throw new StartRefusedException(
                "Sign-in through OpenID Connect (Authentication:Mode=Oidc) needs " + string.Join(", ", missing.Select(key => $"{section.Path}:{key}")) + ".");
        }

        var options = new OidcOptions(
            section[nameof(Authority)]!,
            section[nameof(ClientId)]!,
            section[nameof(ClientSecret)]!,
            section[nameof(RoleClaim)] is { Length: > 0 } role ? role : "roles",
            section[nameof(StoreClaim)] is { Length: > 0 } store ? store : "stores",
            section.GetValue(nameof(RequireHttps), defaultValue: true));
        var secure = SameOrigin.OriginOf(options.Authority)?.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        return secure switch
        {
            null => throw new StartRefusedException($"{section.Path}:{nameof(Authority)} must be an absolute http or https address."),
            false when options.RequireHttps => throw new StartRefusedException(
                $"{section.Path}:{nameof(Authority)} must use https; to allow http, set {section.Path}:{nameof(RequireHttps)} to false."),
            _ => options,
        };
    }
}
