using Microsoft.Data.Sqlite;
using Npgsql;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Bench;

/// <summary>A new database for one measurement: a SQLite file under <c>artifacts/</c>, on the disk of the sources, or one of a PostgreSQL server.</summary>
internal sealed class BenchDatabase : IAsyncDisposable
{
    private readonly string _name = $"bench_{Guid.NewGuid():N}";
    private readonly string? _server;
    private readonly string? _directory;

    private BenchDatabase(DatabaseProvider provider, string? server)
    {
        Provider = provider;
        _server = provider == DatabaseProvider.Postgres ? server : null;
        _directory = provider == DatabaseProvider.Sqlite ? Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "bench", _name)).FullName : null;
    }

    public DatabaseProvider Provider { get; }

    public string ConnectionString => _directory is not null
        ? new SqliteConnectionStringBuilder { DataSource = Path.Combine(_directory, "bench.db") }.ConnectionString
        : new NpgsqlConnectionStringBuilder(_server) { Database = _name }.ConnectionString;

    /// <summary>As arguments of another process.</summary>
    public IEnumerable<string> Arguments => ["--provider", Provider.ToString(), "--database", ConnectionString];

    /// <param name="server">Of PostgreSQL.</param>
    public static async Task<BenchDatabase> CreateAsync(DatabaseProvider provider, string? server)
    {
        var database = new BenchDatabase(provider, server);
        if (provider == DatabaseProvider.Postgres)
            await database.ExecuteAsync($"CREATE DATABASE {database._name}");
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        if (_directory is not null)
            Directory.Delete(_directory, recursive: true);
        else
            await ExecuteAsync($"DROP DATABASE {_name} WITH (FORCE)");
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
