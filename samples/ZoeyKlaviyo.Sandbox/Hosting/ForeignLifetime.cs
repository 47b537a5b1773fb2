using Microsoft.Extensions.Hosting;

namespace ZoeyKlaviyo.Sandbox.Hosting;

internal sealed class ForeignLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
