using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Tests.Storage;

public sealed class DatabaseErrorsTests
{
    public static TheoryData<Exception> Failures => new()
    {
        new NpgsqlException("gone"),
        new SqliteException("locked", 5),
        new DbUpdateException("not saved"),
        new TimeoutException(),
        new InvalidOperationException("likely transient", new DbUpdateException("not saved", new NpgsqlException("gone"))),
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void FailureOfTheDatabase_HoweverWrapped(Exception exception) => Assert.True(exception.IsDatabaseFailure());

    [Fact]
    public void OtherFailure_IsNone() => Assert.False(new InvalidOperationException("a mistake of ours", new FormatException()).IsDatabaseFailure());
}
