using Microsoft.Data.Sqlite;

namespace ZoeyKlaviyo.Core.Storage.Sqlite;

/// <summary>
/// One process owns a SQLite file. The claim is an exclusive lock on a file beside the database, which the operating system
/// gives back when the process ends, however it ends.
/// </summary>
internal sealed class SqliteFileOwner : IDisposable
{
    private readonly FileStream _claim;

    private SqliteFileOwner(FileStream claim) => _claim = claim;

    /// <exception cref="DatabaseInUseException">Another process has the file open.</exception>
    public static SqliteFileOwner? Claim(string connectionString)
    {
        var builder = new SqliteConnectionStringBuilder(connectionString);
        if (builder.Mode == SqliteOpenMode.Memory || builder.DataSource is "" or ":memory:")
            return null;
        var path = Path.GetFullPath(builder.DataSource);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            return new SqliteFileOwner(new FileStream(path + ".owner", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new DatabaseInUseException(path, exception);
        }
    }

    public void Dispose() => _claim.Dispose();
}

/// <summary>A second process was started on a SQLite file that one process already owns.</summary>
public sealed class DatabaseInUseException(string path, Exception inner) : Exception(
    $"The database file {path} is in use by another ZoeyKlaviyo process (its lock file {path}.owner is held). " +
    "Stop that process first, or use PostgreSQL (Database:Provider=Postgres) to run several.",
    inner);
