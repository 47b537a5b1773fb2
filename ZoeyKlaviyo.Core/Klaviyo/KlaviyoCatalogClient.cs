using System.Text;
using ZoeyKlaviyo.Core.Klaviyo.Wire;

namespace ZoeyKlaviyo.Core.Klaviyo;

/// <summary>
/// The catalog, by bulk jobs: a call starts one, which takes from seconds to many minutes, and says at its end what became of each row
/// (developers.klaviyo.com/en/reference/catalogs_api_overview).
/// </summary>
public sealed class KlaviyoCatalogClient(KlaviyoHttp http)
{
    public const int MaxRows = 100;

    /// <summary>At a time, an account.</summary>
    public const int MaxJobs = 500;

    private static readonly EndpointLimit s_links = new("PATCH /api/catalog-items/{id}/relationships/categories", 75, 750);

    /// <summary>What <see cref="StartAsync"/> sends for one row, as text.</summary>
    public static string Request(CatalogKind kind, JobOperation operation, CatalogRow row) => Encoding.UTF8.GetString(CatalogBody.Job(kind, operation, [row]));

    /// <summary>The row of the call that a refusal is about; null when it names none.</summary>
    public static int? RowOf(KlaviyoError error) => CatalogBody.RowOf(error.Pointer);

    /// <summary>Which rows an error of a refused call is about.</summary>
    internal static CatalogJobError AboutRow(KlaviyoError error) => CatalogErrorBody.Read(error);

    /// <summary>Whether a call was refused because Klaviyo works on <see cref="MaxJobs"/> already, whoever sent them.</summary>
    internal static bool IsFull(KlaviyoAnswer answer) =>
        answer.Verdict == Verdict.Refused && answer.Errors.Any(error => RowOf(error) is null && error.Detail.Contains("jobs in progress", StringComparison.OrdinalIgnoreCase));

    /// <summary>Starts a job of at most <see cref="MaxRows"/>. A repeated one does no harm: its rows are refused one by one, or done again alike.</summary>
    public async Task<CatalogJobAnswer> StartAsync(
        KlaviyoCredential credential, CatalogKind kind, JobOperation operation, IReadOnlyList<CatalogRow> rows, CancellationToken cancellationToken)
    {
        var path = CatalogBody.JobsPath(kind, operation);
        var answer = await http.SendAsync(
            credential, new EndpointLimit($"POST {path}", 75, 750), HttpMethod.Post, path, CatalogBody.Job(kind, operation, rows), cancellationToken);
        return CatalogBody.ReadJob(answer);
    }

    public async Task<CatalogJobAnswer> ReadAsync(
        KlaviyoCredential credential, CatalogKind kind, JobOperation operation, string jobId, CancellationToken cancellationToken)
    {
        var path = CatalogBody.JobsPath(kind, operation);
        var answer = await http.SendAsync(
            credential, ReadLimit(kind, operation, $"GET {path}/{{job_id}}"), HttpMethod.Get, $"{path}/{Uri.EscapeDataString(jobId)}", null, cancellationToken);
        return CatalogBody.ReadJob(answer);
    }

    /// <summary>The jobs that Klaviyo works on, the first page of them.</summary>
    public async Task<CatalogJobsAnswer> ListProcessingAsync(
        KlaviyoCredential credential, CatalogKind kind, JobOperation operation, CancellationToken cancellationToken)
    {
        var path = CatalogBody.JobsPath(kind, operation);
        var answer = await http.SendAsync(
            credential, ReadLimit(kind, operation, $"GET {path}"), HttpMethod.Get, $"{path}?filter=equals(status,%22processing%22)", null, cancellationToken);
        return CatalogBody.ReadJobs(answer);
    }

    /// <summary>Sets the categories that an item is in, whatever they were before.</summary>
    public Task<KlaviyoAnswer> ReplaceCategoriesAsync(
        KlaviyoCredential credential, string itemExternalId, IReadOnlyList<string> categoryExternalIds, CancellationToken cancellationToken) =>
        http.SendAsync(
            credential, s_links, HttpMethod.Patch, $"/api/catalog-items/{Uri.EscapeDataString(CatalogBody.Id(itemExternalId))}/relationships/categories",
            CatalogBody.Categories(categoryExternalIds), cancellationToken);

    /// <summary>Klaviyo gives the same endpoints different limits.</summary>
    private static EndpointLimit ReadLimit(CatalogKind kind, JobOperation operation, string endpoint) =>
        kind == CatalogKind.Category || operation == JobOperation.Delete ? new(endpoint, 350, 3500) : new(endpoint, 75, 750);
}
