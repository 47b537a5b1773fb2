using Microsoft.Data.Sqlite;
using Npgsql;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Tests.Fixtures;

/// <summary>A database of a test's own: a SQLite file, or a new database on the server that <c>./test.sh</c> starts.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private const string ServerVariable = "ZOEYKLAVIYO_TEST_POSTGRES";
    private readonly string? _directory;

    private TestDatabase(DatabaseProvider provider, string connectionString, string? directory)
    {
        Provider = provider;
        ConnectionString = connectionString;
        _directory = directory;
    }

    public DatabaseProvider Provider { get; }

    public string ConnectionString { get; }

    public static async Task<TestDatabase> CreateAsync(DatabaseProvider provider)
    {
        if (provider == DatabaseProvider.Sqlite)
        {
            var directory = Directory.CreateTempSubdirectory("zoeyklaviyo-tests-").FullName;
            return new TestDatabase(provider, $"Data Source={Path.Combine(directory, "app.db")}", directory);
        }

        var server = Environment.GetEnvironmentVariable(ServerVariable)
            ?? throw new InvalidOperationException($"{ServerVariable} is not set: run the tests with ./test.sh, which starts PostgreSQL.");
        var name = $"test_{Guid.NewGuid():N}";
        await ExecuteAsync(server, $"CREATE DATABASE {name}");
        return new TestDatabase(provider, new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 20 }.ConnectionString, null);
    }

    /// <summary>On PostgreSQL, as if the server had gone: ends all connections and takes no more.</summary>
    public async Task RefuseConnectionsAsync()
    {
        var server = Environment.GetEnvironmentVariable(ServerVariable)!;
        var name = new NpgsqlConnectionStringBuilder(ConnectionString).Database;
        await using (var pooled = new NpgsqlConnection(ConnectionString))
            NpgsqlConnection.ClearPool(pooled);
        await ExecuteAsync(server, $"ALTER DATABASE {name} ALLOW_CONNECTIONS false");
        await ExecuteAsync(server, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    }

    public async ValueTask DisposeAsync()
    {
        if (_directory is not null)
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(_directory, recursive: true);
            return;
        }

        await using (var pooled = new NpgsqlConnection(ConnectionString))
            NpgsqlConnection.ClearPool(pooled);
        var name = new NpgsqlConnectionStringBuilder(ConnectionString).Database;
        await ExecuteAsync(Environment.GetEnvironmentVariable(ServerVariable)!, $"DROP DATABASE {name} WITH (FORCE)");
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
