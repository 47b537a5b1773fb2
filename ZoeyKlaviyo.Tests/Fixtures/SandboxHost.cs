using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;
using ZoeyKlaviyo.Sandbox;

namespace ZoeyKlaviyo.Tests.Fixtures;

/// <summary>A <see cref="CoreHost"/> whose HTTP clients talk to a stand-in for Klaviyo and the store, which goes by the same fake clock.</summary>
internal sealed class SandboxHost : IAsyncDisposable
{
    private readonly Line _line;

    private SandboxHost(CoreHost core, Line line, SandboxServer sandbox)
    {
        Core = core;
        _line = line;
        Sandbox = sandbox;
    }

    /// <summary>Called before a request to Klaviyo, or to the store, leaves.</summary>
    public Action<HttpRequestMessage> OnRequest
    {
        set => _line.OnRequest = value;
    }

    public CoreHost Core { get; }

    public SandboxServer Sandbox { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Connected, with every switch set to Yes.</summary>
    /// <param name="settings">Besides those of Klaviyo.</param>
    public static async Task<SandboxHost> StartAsync(
        DatabaseProvider provider, Action<IServiceCollection>? configure = null, Dictionary<string, string?>? settings = null)
    {
        var line = new Line();
        var core = await CoreHost.StartAsync(
            provider,
            new(settings ?? []) { ["Klaviyo:ClientId"] = SandboxOptions.DefaultClientId, ["Klaviyo:ClientSecret"] = SandboxOptions.DefaultClientSecret },
            services =>
            {
                services.AddHttpClient<KlaviyoHttp>().ConfigurePrimaryHttpMessageHandler(() => new LineHandler(line));
                services.AddHttpClient<KlaviyoOAuthClient>().ConfigurePrimaryHttpMessageHandler(() => new LineHandler(line));
                services.AddHttpClient<ZoeyHttp>().ConfigurePrimaryHttpMessageHandler(() => new LineHandler(line));
                configure?.Invoke(services);
            });
        var clock = new SandboxClock(core.Time);
        var host = new SandboxHost(core, line, new SandboxServer(new() { Url = "http://127.0.0.1:0", LimitsEnabled = false, TimeProvider = clock }));
        try
        {
            await host.Sandbox.StartAsync(Cancel);
            line.Address = host.Sandbox.BaseAddress;
            core.IsAnswering = () => line.Calls > clock.Delays;
            await host.ConnectAsync();
            var editor = core.Get<SettingsEditor>();
            await editor.SetEverythingToYesAsync(core.Store, await editor.ReadAsync(core.Store, Cancel), Cancel);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>As a person does it, for the first time or once the connection needs attention.</summary>
    public async Task ConnectAsync() => Assert.Equal(ConnectOutcome.Connected, await ConnectAsync(Core.Store));

    public async Task<ConnectOutcome> ConnectAsync(AuthorizedStore store)
    {
        var connector = Core.Get<KlaviyoConnector>();
        var consent = await connector.StartAsync(store, "http://acme.test/connect/klaviyo/callback", Cancel);
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Sandbox.BaseAddress };
        var back = System.Web.HttpUtility.ParseQueryString((await SandboxProcess.AllowAsync(browser, consent)).Query);
        return await connector.FinishAsync(store, new ConnectCallback(back["state"], back["code"], back["error"]), Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await Core.DisposeAsync();
        await Sandbox.DisposeAsync();
    }

    /// <summary>Where the stand-in is, and how many calls to it are under way.</summary>
    private sealed class Line
    {
        public Uri? Address { get; set; }

        public int Calls;

        public Action<HttpRequestMessage> OnRequest { get; set; } = _ => { };
    }

    private sealed class LineHandler(Line line) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            line.OnRequest(request);
            // The store's signature covers the host that was asked.
            request.Headers.Host ??= request.RequestUri!.Authority;
            request.RequestUri = new Uri(line.Address!, request.RequestUri!.PathAndQuery);
            Interlocked.Increment(ref line.Calls);
            try
            {
                var response = await base.SendAsync(request, cancellationToken);
                await response.Content.LoadIntoBufferAsync(cancellationToken);
                return response;
            }
            finally
            {
                Interlocked.Decrement(ref line.Calls);
            }
        }
    }

    /// <summary>The fake clock; it also counts what waits for it to go on, as no real clock can.</summary>
    private sealed class SandboxClock(FakeTimeProvider time) : TimeProvider
    {
        private int _delays;

        public int Delays => Volatile.Read(ref _delays);

        public override long TimestampFrequency => time.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

        public override long GetTimestamp() => time.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new DelayTimer(this, time, callback, state, dueTime, period);

        private sealed class DelayTimer : ITimer
        {
            private readonly SandboxClock _clock;
            private readonly ITimer _timer;
            private int _isOver;

            public DelayTimer(SandboxClock clock, TimeProvider time, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
            {
                _clock = clock;
                Interlocked.Increment(ref clock._delays);
                _timer = time.CreateTimer(
                    given =>
                    {
                        End();
                        callback(given);
                    },
                    state,
                    dueTime,
                    period);
            }

            public bool Change(TimeSpan dueTime, TimeSpan period) => _timer.Change(dueTime, period);

            public void Dispose()
            {
                End();
                _timer.Dispose();
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }

            private void End()
            {
                if (Interlocked.Exchange(ref _isOver, 1) == 0)
                    Interlocked.Decrement(ref _clock._delays);
            }
        }
    }
}
