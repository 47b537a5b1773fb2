using System.Text.Json;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Browser.Shop;

/// <summary>The application, connected and with every switch Yes, and the demo shop it serves: real processes, started once for all journeys.</summary>
public sealed class ShopFixture : IAsyncLifetime
{
    private ConnectedAdmin _admin = default!;

    internal SandboxProcess Sandbox => _admin.Sandbox;

    internal AdminInstance Admin => _admin.First;

    public async ValueTask InitializeAsync() => _admin = await ConnectedAdmin.StartAsync(DatabaseProvider.Sqlite);

    public ValueTask DisposeAsync() => _admin.DisposeAsync();

    /// <summary>Runs Events to the end, and returns what has arrived of a shopper.</summary>
    internal async Task<List<JsonElement>> SyncAsync(string email)
    {
        await _admin.RunToTheEndAsync("Events");
        return (await Sandbox.EventsAsync()).Where(one => one.GetProperty("email").GetString() == email).ToList();
    }
}
