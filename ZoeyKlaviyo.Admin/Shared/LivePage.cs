using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Admin.Shared;

/// <summary>A page of one store that reads again when its address changes, and by itself when something in the store does.</summary>
public abstract partial class LivePage : StorePage
{
    private int _reads;
    private string _path = "";

    [Inject]
    protected StoreSignals Signals { get; init; } = default!;

    [Inject]
    protected TimeProvider Time { get; init; } = default!;

    [Inject]
    private ILoggerFactory Loggers { get; init; } = default!;

    /// <summary>The last read failed: what is on the page is old, or nothing.</summary>
    protected bool IsUnreadable { get; private set; }

    protected override void OnInitialized() => Navigation.LocationChanged += OnLocationChanged;

    protected override Task OnStoreOpenedAsync(AuthorizedStore store)
    {
        var stopping = Stopping;
        _ = StoreChanges.FollowAsync(Signals, Time, store.Id, () => InvokeAsync(() => RefreshAsync(stopping)), stopping);
        return Task.CompletedTask;
    }

    protected override Task OnAddressChangedAsync()
    {
        _path = new Uri(Navigation.Uri).AbsolutePath;
        return ReadAsync(isLive: false);
    }

    /// <summary>Reads what the page shows, and returns what puts it there; that is not called when a later read has overtaken this one.</summary>
    /// <param name="isLive">Something changed by itself, and the person may be in the middle of reading.</param>
    protected abstract Task<Action> ReadAsync(AuthorizedStore store, bool isLive, CancellationToken cancellationToken);

    protected Task ReloadAsync() => ReadAsync(isLive: false);

    protected override void Dispose(bool disposing)
    {
        Navigation.LocationChanged -= OnLocationChanged;
        base.Dispose(disposing);
    }

    private async Task RefreshAsync(CancellationToken stopping)
    {
        if (stopping.IsCancellationRequested)
            return;
        await ReadAsync(isLive: true);
        StateHasChanged();
    }

    private async Task ReadAsync(bool isLive)
    {
        if (Opened is not { } store)
            return;
        var (read, stopping) = (++_reads, Stopping);
        try
        {
            var show = await ReadAsync(store, isLive, stopping);
            if (read != _reads || stopping.IsCancellationRequested)
                return;
            show();
            IsUnreadable = false;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception exception) when (exception.IsDatabaseFailure())
        {
            Log.CannotRead(Loggers.CreateLogger<LivePage>(), GetType().Name, exception);
            IsUnreadable = read == _reads || IsUnreadable;
        }
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs e)
    {
        // Another page is about to take over, or the parameters bring this one to its new path.
        if (new Uri(e.Location).AbsolutePath != _path)
            return;
        _ = InvokeAsync(async () =>
        {
            await ReadAsync(isLive: false);
            StateHasChanged();
        });
    }

    private static partial class Log
    {
        [LoggerMessage(1200, LogLevel.Error, "{Page} could not be read")]
        public static partial void CannotRead(ILogger logger, string page, Exception exception);
    }
}
