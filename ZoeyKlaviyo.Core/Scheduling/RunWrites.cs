using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Scheduling;

/// <summary>A run's writes of what a push may write in the same moment.</summary>
internal static class RunWrites
{
    private const int MaxTries = 5;

    public static Task WriteAsync(this RunContext context, Func<AppDbContext, Task> write) => context.WriteAsync(
        async (db, _) =>
        {
            await write(db);
            return true;
        },
        CancellationToken.None);

    /// <summary>Whoever comes second looks again and decides anew, so <paramref name="write"/> must read all that it decides by.</summary>
    public static async Task<T> WriteContestedAsync<T>(this RunContext context, Func<AppDbContext, Run, Task<T>> write)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await context.WriteAsync(write, CancellationToken.None);
            }
            catch (DbUpdateException exception) when (tries < MaxTries && (exception is DbUpdateConcurrencyException || exception.IsDuplicate()))
            {
                continue;
            }
        }
    }
}
