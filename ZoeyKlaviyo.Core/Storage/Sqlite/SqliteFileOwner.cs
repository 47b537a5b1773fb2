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
        var owner = Lock(path);
        File.WriteAllText(NameFile(path), $"process {Environment.ProcessId} on {Environment.MachineName}");
        return owner;
    }

    public void Dispose() => _claim.Dispose();

    private static SqliteFileOwner Lock(string path)
    {
        try
        {
            return new SqliteFileOwner(new FileStream(path + ".owner", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new DatabaseInUseException(path, File.Exists(NameFile(path)) ? File.ReadAllText(NameFile(path)) : "it does not say which", exception);
        }
    }

    /// <summary>The locked file itself can't be read by anybody else.</summary>
    private static string NameFile(string path) => path + ".owner.txt";
}

/// <summary>A second process was started on a SQLite file that one process already owns.</summary>
/// <param name="holder">Which one, as it has written down itself.</param>
public sealed class DatabaseInUseException(string path, string holder, Exception inner) : Exception(
    $"The database file {path} is in use by another ZoeyKlaviyo process: {holder}. " +
    "Stop that process first, or use PostgreSQL (Database:Provider=Postgres) to run several.",
    inner);
