using Microsoft.Data.Sqlite;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Storage;

/// <summary>One process owns a SQLite file, and what a killed one leaves behind is mended at the next start.</summary>
public sealed class SqliteOwnerTests
{
    [Fact]
    public async Task SecondProcess_RefusesNamingTheFirst()
    {
        await using var admin = await ConnectedAdmin.StartAsync(DatabaseProvider.Sqlite);

        var (exitCode, _, errors) = await admin.RunToEndAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains($"is in use by another ZoeyKlaviyo process: process {admin.First.ProcessId} on {Environment.MachineName}.", errors, StringComparison.Ordinal);
        Assert.Contains("Stop that process first", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KilledWhileItDelivers_TheNextStartsOnTheSameFileAndSendsTheRest()
    {
        await using var admin = await ConnectedAdmin.StartAsync(DatabaseProvider.Sqlite);
        await admin.First.PostEventsAsync(Enumerable.Range(1, 20).Select(number => $"event-{number}"));
        await admin.Sandbox.AddFaultAsync(new { match = "/api/event", kind = "slow", retryAfter = 5 });
        var run = await admin.First.SyncNowAsync("Events");
        await ConnectedAdmin.UntilAsync(async () => (await admin.First.PayloadsAsync()).Exists(payload => payload.State == "Sending"), "it delivers");

        await admin.First.KillAsync();
        await admin.Sandbox.ClearFaultsAsync();
        await LeaveMigrationLockAsync(admin.Database.ConnectionString);
        await admin.First.StartAsync();

        await ConnectedAdmin.UntilAsync(async () => (await admin.First.PayloadsAsync()).TrueForAll(payload => payload.State == "Sent"), "all is sent");
        Assert.Contains("leftover lock is removed", admin.First.Output, StringComparison.Ordinal);
        Assert.Equal("Interrupted", (await admin.First.RunsAsync()).Single(one => one.Run == run).Status);
        Assert.Equal((await admin.First.PayloadsAsync()).Select(payload => payload.UniqueId).Order(), (await admin.Sandbox.EventIdsAsync()).Order());
    }

    /// <summary>What a process leaves that is killed while it migrates.</summary>
    private static async Task LeaveMigrationLockAsync(string connectionString)
    {
        await using var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO \"__EFMigrationsLock\" (\"Id\", \"Timestamp\") VALUES (1, '2026-01-01')";
        Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
    }
}
