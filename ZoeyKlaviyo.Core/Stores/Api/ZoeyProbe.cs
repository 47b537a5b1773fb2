using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Stores.Api;

/// <summary>Test connection: finds out what a store's API can be used for, and keeps it with the credentials.</summary>
public sealed class ZoeyProbe(ZoeyAccessRows rows, ZoeyStores stores, ZoeyProber prober, StoreSignals signals)
{
    /// <exception cref="AccessDeniedException">The person is not an admin of the store.</exception>
    public async Task<ZoeyProbeReport> RunAsync(AuthorizedStore store, CancellationToken cancellationToken)
    {
        store.RequireManage();
        if (await rows.FindStoreAsync(store.Id, cancellationToken) is not { } found)
            return Failed("The store's API is not set up. Enter its address and credentials first.");
        ZoeyProbeReport report;
        try
        {
            report = await prober.ProbeAsync(stores.Create(found.BaseUrl, found.Access), cancellationToken);
        }
        catch (ZoeyException exception)
        {
            report = Failed(exception.Message);
        }

        await rows.SaveProbeAsync(found.Access, report, cancellationToken);
        signals.SettingsChanged(store.Id);
        return report;
    }

    private static ZoeyProbeReport Failed(string verdict) => new(false, verdict, [], null, null);
}
