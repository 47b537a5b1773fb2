using Microsoft.Extensions.Diagnostics.HealthChecks;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Admin.Hosting;

/// <summary>The schema is current and the database answers.</summary>
internal sealed class DatabaseHealth(DatabaseStart start, StoreAccess stores) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!start.IsReady)
            return HealthCheckResult.Unhealthy("The schema is being brought up to date.");
        try
        {
            await stores.AllKeysAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (System.Data.Common.DbException exception)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", exception);
        }
    }
}

/// <summary>The configured stores are in the database.</summary>
internal sealed class StoresHealth(StoreSetup setup) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(setup.IsReady ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The configured stores are being loaded."));
}
