using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Subscribers;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Crashes;

public sealed class SqliteKilledSubscribersTests() : KilledSubscribersTests(DatabaseProvider.Sqlite);

public sealed class PostgresKilledSubscribersTests() : KilledSubscribersTests(DatabaseProvider.Postgres);

/// <summary>
/// The real process, killed (<c>kill -9</c>) while it reads the store's list and while it subscribes: in the end everybody is subscribed, each by
/// one call, and nobody who left.
/// </summary>
public abstract class KilledSubscribersTests(DatabaseProvider provider) : IDisposable
{
    private const int Count = 3_000;
    private readonly DirectoryInfo _books = Directory.CreateTempSubdirectory("sandbox-books-");

    public void Dispose()
    {
        _books.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task KilledWhileItReadsAndSubscribes_EverybodyIsSubscribedOnce_NobodyWhoLeft()
    {
        await using var admin = await ConnectedAdmin.StartAsync(
            provider, new Dictionary<string, string> { ["Zoey__MaxRequestsPerSecond"] = "1000" },
            $"--Sandbox:DataDirectory={_books.FullName}", "--Sandbox:Limits:Enabled=false", "--Sandbox:Subscribers=true");
        await admin.Sandbox.SetSubscriptionsAsync(new { defaultOptIn = "single_opt_in" });
        var emails = Enumerable.Range(0, Count).Select(i => $"s{i:0000}@shop-demo.com").ToList();
        var left = emails.Where((_, i) => i % 100 == 7).ToHashSet();
        await admin.Sandbox.SeedSubscribersAsync(emails.Select(email => (object)new { email, status = 1, changeStatusAt = "2024-01-02T03:04:05Z" }));
        await admin.Sandbox.SeedProfilesAsync(left.Select(email => (object)new
        {
            email,
            consent = "UNSUBSCRIBED",
            consentTimestamp = "2024-06-01T00:00:00Z",
            suppressions = new[] { new { reason = "UNSUBSCRIBE", timestamp = "2024-06-01T00:00:00Z" } },
        }));

        // In the middle of the list; after the first, and in the second call, whose answer is lost with the process.
        await KillAsync(admin, () => admin.ReadAsync(async db => await db.Subscribers.AnyAsync()));
        await admin.Sandbox.AddFaultAsync(new { match = "POST /api/profile-subscription-bulk-create-jobs", kind = "slow", retryAfter = 2 });
        await KillAsync(admin, async () => (await admin.Sandbox.SubscriptionsAsync()).Count > 0);
        await KillAsync(admin, async () => (await admin.Sandbox.SubscriptionsAsync()).Count > 1000);
        await admin.Sandbox.ClearFaultsAsync();
        await ConnectedAdmin.UntilAsync(
            async () =>
            {
                await admin.RunToTheEndAsync("Events");
                await admin.RunToTheEndAsync("Subscribers");
                return !await admin.ReadAsync(db => db.Subscribers.AnyAsync(row => row.Outcome == SubscriberOutcome.Open || row.Outcome == SubscriberOutcome.Queued));
            },
            "everybody is told");

        var subscribed = (await admin.Sandbox.SubscriptionsAsync()).ConvertAll(entry => entry.GetProperty("email").GetString()!);
        Assert.Equal(emails.Except(left).Order(), subscribed.Order());
        Assert.Equal(0, (await admin.Sandbox.SubscriptionCountsAsync()).GetProperty("hadLeft").GetInt32());
        Assert.All(await admin.First.RunsAsync(), run => Assert.False(run.Status is "Queued" or "Running", $"{run}"));
    }

    private static async Task KillAsync(ConnectedAdmin admin, Func<Task<bool>> isTime)
    {
        await admin.First.SyncNowAsync("Subscribers");
        await ConnectedAdmin.UntilAsync(isTime, "it is time to kill");
        await admin.First.KillAsync();
        Assert.True(await admin.ReadAsync(db => db.Runs.AnyAsync(run => run.Kind == SyncKind.Subscribers && run.Status == RunStatus.Running)), "It was killed too late.");
        await admin.EndLeasesAsync();
        await admin.First.StartAsync();
    }
}
