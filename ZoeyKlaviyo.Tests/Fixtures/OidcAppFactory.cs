namespace ZoeyKlaviyo.Tests.Fixtures;

/// <summary>The application with sign-in through <see cref="OidcProvider"/>, as in Production.</summary>
public class OidcAppFactory : AppFactory
{
    private OidcProvider? _provider;

    public Uri ProviderAddress => _provider!.Address;

    protected override string EnvironmentName => "Production";

    protected virtual bool ClaimsInIdToken => false;

    public override async ValueTask InitializeAsync()
    {
        _provider = await OidcProvider.StartAsync(ClaimsInIdToken);
        Settings["Authentication:Oidc:Authority"] = _provider.Address.ToString();
        Settings["Authentication:Oidc:ClientId"] = OidcProvider.ClientId;
        Settings["Authentication:Oidc:ClientSecret"] = OidcProvider.ClientSecret;
        Settings["Authentication:Oidc:RequireHttps"] = "false";
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_provider is not null)
            await _provider.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>As some providers do, the claims come twice: in the ID token and from userinfo.</summary>
public sealed class OidcTwiceAppFactory : OidcAppFactory
{
    protected override bool ClaimsInIdToken => true;
}
