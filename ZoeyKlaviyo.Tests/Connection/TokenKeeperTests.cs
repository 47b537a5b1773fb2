using Microsoft.Extensions.Logging.Testing;
using ZoeyKlaviyo.Admin.Connection;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Fixtures;
using static ZoeyKlaviyo.Tests.Fixtures.KlaviyoStub;

namespace ZoeyKlaviyo.Tests.Connection;

public sealed class TokenKeeperTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UnexpectedError_IsLoggedAndTriedAgainHalfAnHourLater()
    {
        await using var host = await CoreHost.StartAsync(DatabaseProvider.Sqlite);
        await host.ConnectAsync();
        host.Time.Advance(TimeSpan.FromDays(26));
        host.Klaviyo.On("POST /oauth/token", _ => throw new NotSupportedException("a bug"));
        var log = new FakeLogger<TokenKeeper>();
        using var keeper = new TokenKeeper(host.Get<KlaviyoTokens>(), host.Get<AccountSwitch>(), host.Time, log);
        await keeper.StartAsync(Cancel);
        // The keeper's clock starts on another thread.
        await AdvanceUntilAsync(() => log.Collector.Count > 0 || keeper.ExecuteTask!.IsCompleted);
        Assert.False(keeper.ExecuteTask!.IsCompleted);
        Assert.Contains("tried again in half an hour", log.LatestRecord.Message, StringComparison.Ordinal);

        host.Klaviyo.On("POST /oauth/token", _ => Tokens("access-2"));
        await AdvanceUntilAsync(() => host.ConnectionAsync().GetAwaiter().GetResult().AccessTokenProtected.Contains("2-ssecca", StringComparison.Ordinal));

        await keeper.StopAsync(Cancel);

        Task AdvanceUntilAsync(Func<bool> isSo) => ConnectedAdmin.UntilAsync(
            () =>
            {
                host.Time.Advance(TimeSpan.FromMinutes(10));
                return Task.FromResult(isSo());
            },
            "the keeper has done its work");
    }
}
