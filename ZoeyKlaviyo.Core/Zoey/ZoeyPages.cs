namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>A list's pages, asked for by the first of some queries that the store does not refuse.</summary>
internal sealed class ZoeyPages : IAsyncDisposable
{
    private readonly IAsyncEnumerator<IReadOnlyList<ZoeyRecord>>? _pages;

    private ZoeyPages(IAsyncEnumerator<IReadOnlyList<ZoeyRecord>>? pages, bool hasPage, ZoeyException? refusal) =>
        (_pages, HasPage, Refusal) = (pages, hasPage, refusal);

    /// <summary>There is a first page.</summary>
    public bool HasPage { get; }

    /// <summary>The store understands none of the queries.</summary>
    public ZoeyException? Refusal { get; }

    public IReadOnlyList<ZoeyRecord> Current => _pages!.Current;

    public static async Task<ZoeyPages> StartAsync(Func<ZoeyQuery, IAsyncEnumerable<IReadOnlyList<ZoeyRecord>>> list, params ZoeyQuery[] queries)
    {
        ZoeyException? refusal = null;
        foreach (var query in queries)
        {
            var pages = list(query).GetAsyncEnumerator();
            try
            {
                return new ZoeyPages(pages, await pages.MoveNextAsync(), null);
            }
            catch (ZoeyException exception) when (exception.HttpStatus == 400)
            {
                refusal = exception;
            }
        }

        return new ZoeyPages(null, false, refusal);
    }

    public ValueTask<bool> MoveNextAsync() => _pages!.MoveNextAsync();

    public ValueTask DisposeAsync() => _pages?.DisposeAsync() ?? ValueTask.CompletedTask;
}
