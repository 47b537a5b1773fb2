using System.Data.Common;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Storage.Sqlite;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Admin.Hosting;

/// <summary>What must have happened before anything else in the process runs: the schema is current and the stores are known.</summary>
internal static class StartUp
{
    /// <exception cref="StartRefusedException">The database or the configuration can't be used.</exception>
    public static async Task PrepareAsync(this WebApplication app)
    {
        var services = app.Services;
        ConfigurationChecks.Run(app.Configuration, app.Environment);
        await OpenDatabaseAsync(services.GetRequiredService<DatabaseStart>());

        // The key ring is made here: made inside a write to SQLite, it would wait for that very write to end.
        services.GetRequiredService<ISecretProtector>().Protect("");

        try
        {
            await services.GetRequiredService<StoreSetup>().RunAsync(CancellationToken.None);
        }
        catch (InvalidOperationException exception)
        {
            throw new StartRefusedException(exception.Message, exception);
        }
    }

    private static async Task OpenDatabaseAsync(DatabaseStart database)
    {
        try
        {
            await database.RunAsync(CancellationToken.None);
        }
        catch (DatabaseInUseException exception)
        {
            throw new StartRefusedException(exception.Message, exception);
        }
        catch (Exception exception) when (exception is DbException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StartRefusedException(
                $"The database can't be opened: {exception.Message}\nCheck ConnectionStrings:ZoeyKlaviyo and Database:Provider (Sqlite or Postgres).", exception);
        }
    }
}
