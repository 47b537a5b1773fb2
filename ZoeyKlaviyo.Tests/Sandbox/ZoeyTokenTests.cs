using System.Net;
using ZoeyKlaviyo.Sandbox;

namespace ZoeyKlaviyo.Tests.Sandbox;

/// <summary>OAuth 2 of the store.</summary>
public sealed class ZoeyTokenTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("zoey-tokens-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task AccessToken_Always_OpensTheStoreForAnHour()
    {
        await using var session = await ZoeySession.StartAsync();
        var tokens = await session.RefreshAsync(SandboxOptions.StoreRefreshToken);
        Assert.Equal(3600, tokens.Body!["expires_in"]!.GetValue<int>());
        var bearer = "Bearer " + tokens.Text("access_token");
        session.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(HttpStatusCode.OK, (await session.GetWithAsync(bearer, "orders")).Status);
        session.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetWithAsync(bearer, "orders")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetWithAsync("Bearer " + tokens.Text("refresh_token"), "orders")).Status);
    }

    [Fact]
    public async Task RefreshToken_Rotating_IsGoodOnce()
    {
        await using var session = await ZoeySession.StartAsync();
        var second = (await session.RefreshAsync(SandboxOptions.StoreRefreshToken)).Text("refresh_token");
        Assert.Equal("invalid_grant", (await session.RefreshAsync(SandboxOptions.StoreRefreshToken)).Error);
        Assert.NotEqual(second, (await session.RefreshAsync(second)).Text("refresh_token"));
        Assert.Equal("invalid_grant", (await session.RefreshAsync(second)).Error);
        session.Server.Reset();
        Assert.Equal(HttpStatusCode.OK, (await session.RefreshAsync(SandboxOptions.StoreRefreshToken)).Status);
    }

    [Fact]
    public async Task RefreshToken_NotRotating_StaysTheSame()
    {
        await using var session = await ZoeySession.StartAsync();
        await session.SetAsync(new { rotateRefreshTokens = false });
        for (var i = 0; i < 2; i++)
            Assert.Equal(SandboxOptions.StoreRefreshToken, (await session.RefreshAsync(SandboxOptions.StoreRefreshToken)).Text("refresh_token"));
    }

    [Fact]
    public async Task RefreshToken_AfterARestart_IsTheRotatedOne()
    {
        string rotated;
        await using (var session = await ZoeySession.StartAsync(_directory.FullName))
            rotated = (await session.RefreshAsync(SandboxOptions.StoreRefreshToken)).Text("refresh_token");
        await using var again = await ZoeySession.StartAsync(_directory.FullName);
        Assert.Equal("invalid_grant", (await again.RefreshAsync(SandboxOptions.StoreRefreshToken)).Error);
        Assert.Equal(HttpStatusCode.OK, (await again.RefreshAsync(rotated)).Status);
    }

    [Fact]
    public async Task WrongTokenRequest_Always_IsRefused()
    {
        await using var session = await ZoeySession.StartAsync();
        var client = await session.RefreshAsync(SandboxOptions.StoreRefreshToken, secret: "another");
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (client.Status, client.Error));
        Assert.Equal("unsupported_grant_type", (await session.RefreshAsync(SandboxOptions.StoreRefreshToken, grant: "password")).Error);
        Assert.Equal("invalid_grant", (await session.RefreshAsync("another")).Error);
    }
}
