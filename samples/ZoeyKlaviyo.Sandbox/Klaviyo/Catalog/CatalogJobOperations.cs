using ZoeyKlaviyo.Sandbox.Klaviyo.Api;
using ZoeyKlaviyo.Sandbox.Klaviyo.Contract;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;

/// <summary>The nine kinds of bulk jobs: made, asked for one by one, listed.</summary>
internal sealed class CatalogJobOperations : IApiOperations
{
    /// <summary>Klaviyo says nothing of the size of these pages, nor can it be chosen.</summary>
    private const int PageSize = 100;

    private static readonly Dictionary<string, Func<CatalogJob, IEnumerable<IComparable>>> s_filters = new()
    {
        ["status"] = job => [CatalogJson.Word(job.Status)],
    };

    private readonly CatalogBook _book;
    private readonly Dictionary<string, ApiHandler> _handlers = [];

    public CatalogJobOperations(CatalogBook book)
    {
        _book = book;
        foreach (var kind in Enum.GetValues<CatalogKind>())
        {
            foreach (var operation in Enum.GetValues<CatalogOperation>())
                Add(kind, operation);
        }
    }

    public IReadOnlyDictionary<string, ApiHandler> Handlers => _handlers;

    private void Add(CatalogKind kind, CatalogOperation operation)
    {
        var path = $"/api/{CatalogNames.JobType(kind, operation)}s";
        _handlers[OperationOf("POST", path)] = new(call => Accept(call, kind, operation), (call, _) => CatalogRules.Check(call, kind, operation));
        _handlers[OperationOf("GET", path)] = new(call => Polled(() => Find(call, kind, operation)));
        _handlers[OperationOf("GET", path + "/{job_id}")] = new(call => Polled(() => _book.FindJob(call.Account, kind, operation, call.Id) is { } job
            ? ApiAnswer.Ok(ApiResource.One(CatalogJson.Write(call, job)))
            : ApiAnswer.NotFound(CatalogNames.JobType(kind, operation), call.Id)));
    }

    private static string OperationOf(string method, string path) =>
        KlaviyoContract.Operations.Single(operation => operation.Method == method && operation.Path == path).OperationId;

    private ApiAnswer Accept(ApiCall call, CatalogKind kind, CatalogOperation operation)
    {
        _book.Count(calls => calls.Add(operation));
        return _book.Accept(call.Account, kind, operation, CatalogRules.Rows(call, kind)) is { } job
            ? new(StatusCodes.Status202Accepted, ApiResource.One(CatalogJson.Write(call, job)))
            : ApiAnswer.Refused(400, "invalid", "Invalid input.", $"The maximum number of jobs in progress at one time is {CatalogBook.MaxJobsInProgress}.");
    }

    private ApiAnswer Polled(Func<ApiAnswer> answer)
    {
        _book.Count(calls => calls with { Polls = calls.Polls + 1 });
        return answer();
    }

    private ApiAnswer Find(ApiCall call, CatalogKind kind, CatalogOperation operation)
    {
        var fits = ApiFilter.Read(call, s_filters, out var refusal);
        return refusal ?? ApiPage.OfNumbered(
            call,
            after => _book.JobsAfter(call.Account, kind, operation, after ?? 0).Where(fits).Select(job => (job.Number, job)),
            job => CatalogJson.Write(call, job),
            PageSize);
    }
}
