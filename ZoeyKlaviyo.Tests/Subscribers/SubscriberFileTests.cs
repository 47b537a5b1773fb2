using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Subscribers.Files;
using ZoeyKlaviyo.Sandbox.Faults;
using ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;

namespace ZoeyKlaviyo.Tests.Subscribers;

/// <summary>Files that go in and files that come out.</summary>
public abstract class SubscriberFileTests(DatabaseProvider provider) : IAsyncLifetime
{
    private SubscriberHost _host = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await SubscriberHost.StartAsync(provider);
        _host.Zoey.IsSetUp = false;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Upload_IsSent_WithErrorsByLine()
    {
        var run = await _host.ImportAsync(
            "\"ID\",\"Email\",\"Type\",\"Status\"\n\"1\",\"jo@shop-demo.com\",\"Guest\",\"Subscribed\"\n\"2\",\"no address\",\"Guest\",\"Subscribed\"\n"
            + "\"3\",\"ann@shop-demo.com\",\"Guest\",\"Unsubscribed\"\n\"4\",\"tom@shop-demo.com\",\"Guest\",\"Maybe\"\n\"5\",\"eve@shop-demo.com\",\"Guest\",\"Not Activated\"\n");

        Assert.Equal((RunStatus.Partial, 2), (run.Status, run.Counts.Failed));
        Assert.Equal(["Line 3", "Line 5"], (await _host.RecordsAsync(run)).Select(record => record.Record.Split(" · ")[1]));
        Assert.Equal(["jo@shop-demo.com"], _host.Log.Select(entry => entry.Email));
        Assert.Equal(0, await _host.Core.ReadAsync(db => db.SubscriberFileParts.CountAsync(Cancel)));
        // Who is missing from the next file has not left.
        await _host.ImportAsync("Email,Status\nkim@shop-demo.com,Subscribed\n");
        Assert.Equal(["jo@shop-demo.com", "kim@shop-demo.com"], _host.Log.Select(entry => entry.Email).Order());
    }

    [Fact]
    public async Task UploadThatSaysSomebodyLeft_Unsubscribes()
    {
        await _host.ImportAsync("Email,Status\njo@shop-demo.com,Subscribed\n");
        await _host.ImportAsync("Email,Status\njo@shop-demo.com,Unsubscribed\n");

        Assert.Equal(ProfileConsent.Unsubscribed, _host.ConsentOf("jo@shop-demo.com"));
    }

    [Fact]
    public async Task OptOutFile_HoldsWhoGetsNoMail_FromAFreshFullRead()
    {
        for (var i = 0; i < 250; i++)
            _host.OptedOut($"left{i:000}@shop-demo.com", _host.Connected.AddDays(-i));
        _host.Knows("bounced@shop-demo.com", ProfileConsent.Subscribed, _host.Connected, new Suppression("HARD_BOUNCE", _host.Now.AddHours(-1)));
        _host.Knows("fine@shop-demo.com", ProfileConsent.Subscribed, _host.Connected);

        var lines = await MakeAsync(SyncKind.OptOutReport);

        Assert.Equal("Email,Status,Reason in Klaviyo,Since (UTC)", lines[0]);
        Assert.Equal(252, lines.Count);
        Assert.Contains(lines, line => line.StartsWith("bounced@shop-demo.com,Unsubscribed,HARD_BOUNCE,", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("fine@", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OptOuts_AreReadOnFromWhereTheLastReadingEnded()
    {
        await _host.PushAsync("x@shop-demo.com");
        for (var i = 0; i < 150; i++)
            _host.OptedOut($"left{i:000}@shop-demo.com", _host.Connected.AddDays(-i - 1));
        await _host.SyncAsync();
        Assert.Equal(150, await OptOutsAsync());
        var calls = _host.Calls("GET /api/profiles");
        _host.OptedOut("later@shop-demo.com", _host.Now);

        await _host.SyncAsync();

        Assert.Equal((151, calls + 1), (await OptOutsAsync(), _host.Calls("GET /api/profiles")));
    }

    /// <summary>Where a page gets no answer the run ends; asked again, it goes on with that page, and no line is there twice.</summary>
    [Fact]
    public async Task Export_GoesOnWhereItWasInterrupted()
    {
        for (var i = 0; i < 2_500; i++)
            _host.Knows($"s{i:0000}@shop-demo.com", ProfileConsent.Subscribed, _host.Connected.AddDays(-9));
        _host.OptedOut("left@shop-demo.com", _host.Connected);
        _host.Faults.Add(new Fault("GET /api/profiles", FaultKind.Html, Skip: 14));
        var files = _host.Core.Get<SubscriberFiles>();
        _host.Core.StartDispatcher();
        var failed = await _host.Core.EndOfAsync((await files.RequestAsync(_host.Core.Store, SyncKind.KlaviyoExport, Cancel))!.RunId);
        Assert.Equal(RunStatus.Failed, failed.Status);
        Assert.Null((await files.LastAsync(_host.Core.Store, SyncKind.KlaviyoExport, Cancel)).File!.FinishedUtc);
        _host.Faults.Clear();
        var before = _host.Calls("GET /api/profiles");

        await _host.Core.EndOfAsync((await files.RequestAsync(_host.Core.Store, SyncKind.KlaviyoExport, Cancel))!.RunId);

        var lines = await ReadAsync(SyncKind.KlaviyoExport);
        Assert.Equal((2_501, 2_501), (lines.Count, lines.Distinct().Count()));
        Assert.DoesNotContain(lines, line => line.StartsWith("left@", StringComparison.Ordinal));
        Assert.InRange(_host.Calls("GET /api/profiles") - before, 1, 16);
    }

    private Task<int> OptOutsAsync() => _host.Core.ReadAsync(db => db.OptOuts.CountAsync(Cancel));

    private async Task<List<string>> MakeAsync(SyncKind kind)
    {
        _host.Core.StartDispatcher();
        var run = await _host.Core.EndOfAsync((await _host.Core.Get<SubscriberFiles>().RequestAsync(_host.Core.Store, kind, Cancel))!.RunId);
        Assert.Equal(RunStatus.Succeeded, run.Status);
        return await ReadAsync(kind);
    }

    private async Task<List<string>> ReadAsync(SyncKind kind)
    {
        var files = _host.Core.Get<SubscriberFiles>();
        var file = (await files.LastAsync(_host.Core.Store, kind, Cancel)).File!;
        using var reader = new StreamReader(files.Open((await files.FindAsync(_host.Core.Store, file.Id, Cancel))!));
        return [.. (await reader.ReadToEndAsync(Cancel)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)];
    }
}

public sealed class SqliteSubscriberFileTests() : SubscriberFileTests(DatabaseProvider.Sqlite);

public sealed class PostgresSubscriberFileTests() : SubscriberFileTests(DatabaseProvider.Postgres);
