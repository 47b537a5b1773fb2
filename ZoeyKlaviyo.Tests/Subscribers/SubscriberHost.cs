using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Events.Intake;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Subscribers;
using ZoeyKlaviyo.Core.Subscribers.Csv;
using ZoeyKlaviyo.Core.Subscribers.Feed;
using ZoeyKlaviyo.Core.Subscribers.Files;
using ZoeyKlaviyo.Core.Zoey;
using ZoeyKlaviyo.Sandbox.Faults;
using ZoeyKlaviyo.Sandbox.Klaviyo.Lists;
using ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;
using ZoeyKlaviyo.Tests.Fixtures;
using ZoeyKlaviyo.Tests.Orders;
using KlaviyoList = ZoeyKlaviyo.Core.Klaviyo.KlaviyoList;
using Profile = ZoeyKlaviyo.Sandbox.Klaviyo.Profiles.KlaviyoProfile;
using Suppression = ZoeyKlaviyo.Sandbox.Klaviyo.Profiles.Suppression;

namespace ZoeyKlaviyo.Tests.Subscribers;

/// <summary>The Core with a store in memory and the stand-in for Klaviyo, whose account needs no confirmation; connected three hours before the clock's time.</summary>
internal sealed class SubscriberHost : IAsyncDisposable
{
    public const string Account = "ABC123";
    private readonly SandboxHost _host;
    private long _lastId;
    private int _pushes;

    private SubscriberHost(SandboxHost host, FakeZoeyStore zoey, DateTimeOffset connected) => (_host, Zoey, Connected) = (host, zoey, connected);

    public FakeZoeyStore Zoey { get; }

    public DateTimeOffset Connected { get; }

    public CoreHost Core => _host.Core;

    public DateTimeOffset Now => Core.Time.GetUtcNow();

    public ProfileBook Klaviyo => _host.Sandbox.Profiles;

    public FaultSwitch Faults => _host.Sandbox.Faults;

    public ListBook Lists => _host.Sandbox.Lists;

    /// <summary>Every row of an accepted call to subscribe or unsubscribe.</summary>
    public IReadOnlyList<SubscriptionEntry> Log => Klaviyo.Log;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<SubscriberHost> StartAsync(DatabaseProvider provider)
    {
        var zoey = new FakeZoeyStore();
        var host = await SandboxHost.StartAsync(provider, services => services.Replace(ServiceDescriptor.Singleton<IZoeyClient>(zoey)));
        var subscribers = new SubscriberHost(host, zoey, host.Core.Time.GetUtcNow());
        subscribers.Klaviyo.Settings = new ConsentSettings(ListBook.SingleOptIn);
        host.Core.Time.Advance(TimeSpan.FromHours(3));
        return subscribers;
    }

    /// <summary>The store has, or changes, a subscriber.</summary>
    public void Store(string email, DateTimeOffset? changed = null, ZoeySubscriberStatus status = ZoeySubscriberStatus.Subscribed)
    {
        lock (Zoey.Subscribers)
        {
            var index = Zoey.Subscribers.FindIndex(row => row.Email == email);
            if (index < 0)
                Zoey.Subscribers.Add(new ZoeySubscriber(++_lastId, email, status, changed));
            else
                Zoey.Subscribers[index] = Zoey.Subscribers[index] with { Status = status, ChangedUtc = changed };
        }
    }

    public Task<Run> SyncAsync() => Core.RunAsync(SyncKind.Subscribers);

    public Task<Run> EventsAsync() => Core.RunAsync(SyncKind.Events);

    public Task<Run> RetriesAsync() => Core.RunAsync(SyncKind.Retries);

    /// <summary>As the store pushes it, each time newly signed.</summary>
    public Task<CollectAnswer> PushAsync(string email, ZoeySubscriberStatus status = ZoeySubscriberStatus.Subscribed, DateTimeOffset? changed = null) =>
        PushAsync((++_pushes).ToString(CultureInfo.InvariantCulture), JsonSerializer.Serialize(new
        {
            subscriber_email = email,
            subscriber_status = (int)status,
            change_status_at = changed?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        }));

    public Task<CollectAnswer> PushAsync(string signedTime, string body) =>
        Core.Get<SubscriberFeed>().TakeAsync(Core.Store.Id, signedTime, Encoding.UTF8.GetBytes(body));

    /// <summary>Uploads a file with a header and has it read; the Subscribers run that follows has ended, too.</summary>
    public async Task<Run> ImportAsync(string csv)
    {
        var bytes = Encoding.UTF8.GetBytes(csv);
        var recognised = await SubscriberCsv.RecogniseAsync(new MemoryStream(bytes), Cancel);
        var columns = recognised.Columns(allSubscribed: recognised.Status is null)!;
        Core.StartDispatcher();
        var queued = await Core.Get<SubscriberFiles>().UploadAsync(Core.Store, "subscribers.csv", new MemoryStream(bytes), columns, null, Cancel);
        var run = await Core.EndOfAsync(queued!.RunId);
        var sync = await Core.ReadAsync(db => db.Runs.Where(row => row.Kind == SyncKind.Subscribers).OrderByDescending(row => row.Id).FirstOrDefaultAsync(Cancel));
        if (sync is { IsActive: true })
            await Core.EndOfAsync(sync.Id);
        return run;
    }

    /// <summary>Klaviyo knows somebody.</summary>
    public void Knows(string email, ProfileConsent consent, DateTimeOffset? since = null, params Suppression[] suppressions) =>
        Klaviyo.Set(Profile.New(Account, email, Connected) with { Consent = consent, ConsentTimestamp = since, LastUpdated = since, Suppressions = suppressions });

    public void OptedOut(string email, DateTimeOffset at) =>
        Knows(email, ProfileConsent.Unsubscribed, at, new Suppression(Suppression.Unsubscribe, at));

    /// <summary>Something happens at Klaviyo after it was asked about consent and before the first call to subscribe.</summary>
    public void BetweenQuestionAndCall(Action happen)
    {
        var isDone = 0;
        _host.OnRequest = request =>
        {
            if (request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath.EndsWith("/profile-subscription-bulk-create-jobs", StringComparison.Ordinal)
                && Interlocked.Exchange(ref isDone, 1) == 0)
                happen();
        };
    }

    /// <summary>Something happens here while the first question about consent is on its way.</summary>
    public void WhileKlaviyoIsAsked(Func<Task> happen)
    {
        var isDone = 0;
        _host.OnRequest = request =>
        {
            if (request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath.EndsWith("/api/profiles", StringComparison.Ordinal)
                && Interlocked.Exchange(ref isDone, 1) == 0)
                Task.Run(happen, Cancel).GetAwaiter().GetResult();
        };
    }

    public ProfileConsent? ConsentOf(string email) => Klaviyo.Find(Account, email)?.Consent;

    public int SubscribedTimes(string email) => Log.Count(entry => entry.Kind == SubscriptionKind.Subscribe && entry.Email == email);

    public int UnsubscribedTimes(string email) => Log.Count(entry => entry.Kind == SubscriptionKind.Unsubscribe && entry.Email == email);

    /// <param name="isDoubleOptIn">Null: no list.</param>
    public async Task<KlaviyoList?> ChooseListAsync(bool? isDoubleOptIn)
    {
        var lists = (await Core.Get<SubscriberEditor>().ListsAsync(Core.Store, Cancel)).Lists!;
        var list = isDoubleOptIn is { } isDouble ? lists.First(one => one.IsDoubleOptIn == isDouble) : null;
        Assert.Null(await Core.Get<SubscriberEditor>().ChooseListAsync(Core.Store, list, Cancel));
        return list;
    }

    public Task<List<Payload>> PayloadsAsync() => Core.PayloadsAsync();

    public Task<List<RunRecord>> RecordsAsync(Run run) => Core.RecordsAsync(run.Id);

    public async Task<RunRecord> RecordAsync(Run run, string email) =>
        (await RecordsAsync(run)).Single(record => record.Record.EndsWith($" · {email}", StringComparison.Ordinal));

    public Task<Subscriber> SubscriberAsync(string email) => Core.ReadAsync(db => db.Subscribers.SingleAsync(row => row.Email == email, Cancel));

    /// <param name="methodAndPath">Without the query.</param>
    public int Calls(string methodAndPath) => _host.Sandbox.Requests.Count(request => $"{request.Method} {request.Path.Split('?')[0]}" == methodAndPath);

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
