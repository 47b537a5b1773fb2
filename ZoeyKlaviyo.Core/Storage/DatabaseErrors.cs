using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ZoeyKlaviyo.Core.Storage;

public static class DatabaseErrors
{
    private const int SqliteConstraint = 19;

    /// <summary>
    /// The database did not answer, or another hand was faster: nothing was saved, and trying again may help. EF wraps what a
    /// connection throws more than once, hence the search inwards.
    /// </summary>
    public static bool IsDatabaseFailure(this Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is DbException or DbUpdateException or TimeoutException)
                return true;
        }

        return false;
    }

    internal static bool IsDuplicate(this DbUpdateException exception) => exception.InnerException switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode == SqliteConstraint,
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UniqueViolation,
        _ => false,
    };
}
