using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ZoeyKlaviyo.Core.Klaviyo.Wire;

/// <summary>The bodies of the catalog's bulk jobs, and what Klaviyo says of a job.</summary>
internal static partial class CatalogBody
{
    /// <summary>Klaviyo's own ids: the integration, the catalog and our id; the first two have no other value.</summary>
    public const string IdPrefix = "$custom:::$default:::";

    public static string Id(string externalId) => IdPrefix + externalId;

    public static string JobsPath(CatalogKind kind, JobOperation operation) => $"/api/{JobType(kind, operation)}s";

    public static byte[] Job(CatalogKind kind, JobOperation operation, IReadOnlyList<CatalogRow> rows) => Write(json =>
    {
        json.WriteStartObject("data");
        json.WriteString("type", JobType(kind, operation));
        json.WriteStartObject("attributes");
        json.WriteStartObject(Plural(kind));
        json.WriteStartArray("data");
        foreach (var row in rows)
            WriteRow(json, kind, operation, row);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    });

    public static byte[] Categories(IReadOnlyList<string> externalIds) => Write(json => WriteReferences(json, externalIds));

    /// <summary>The row that an error's pointer names; null when it names none.</summary>
    public static int? RowOf(string? pointer) =>
        pointer is not null && Row().Match(pointer) is { Success: true } match
        && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? row : null;

    public static CatalogJobAnswer ReadJob(KlaviyoAnswer answer) =>
        Read(answer, document => ReadJob(document.GetProperty("data"))) is ({ Verdict: Verdict.Accepted } read, { } job) ? new(read, job) : new(Unread(answer), null);

    public static CatalogJobsAnswer ReadJobs(KlaviyoAnswer answer) =>
        Read(answer, document => document.GetProperty("data").EnumerateArray().Select(ReadJob).ToList()) is ({ Verdict: Verdict.Accepted } read, { } jobs)
            ? new(read, jobs) : new(Unread(answer), null);

    private static (KlaviyoAnswer Answer, T? Value) Read<T>(KlaviyoAnswer answer, Func<JsonElement, T> read)
        where T : class
    {
        if (answer.Verdict != Verdict.Accepted)
            return (answer, null);
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            return (answer, read(document.RootElement));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return (answer, null);
        }
    }

    /// <summary>An acceptance that names no job may be one all the same.</summary>
    private static KlaviyoAnswer Unread(KlaviyoAnswer answer) => answer.Verdict != Verdict.Accepted ? answer
        : AnswerReader.None("Klaviyo's answer can't be read.", mayHaveArrived: true) with { Status = answer.Status };

    private static CatalogJobState ReadJob(JsonElement job)
    {
        var attributes = job.GetProperty("attributes");
        var status = attributes.GetProperty("status").GetString() switch
        {
            "complete" => JobStatus.Complete,
            "cancelled" => JobStatus.Cancelled,
            _ => JobStatus.Processing,
        };
        var errors = attributes.TryGetProperty("errors", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(error => error.ValueKind == JsonValueKind.Object).Select(CatalogErrorBody.Read).ToList() : [];
        return new CatalogJobState(
            job.GetProperty("id").GetString() ?? throw new FormatException("A job has an id."), status,
            Number(attributes, "total_count"), Number(attributes, "failed_count"), errors, Time(attributes, "created_at"), Time(attributes, "expires_at"));
    }

    private static int Number(JsonElement attributes, string name) =>
        attributes.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var value) ? value : 0;

    private static DateTimeOffset? Time(JsonElement attributes, string name) =>
        attributes.TryGetProperty(name, out var time) && time.ValueKind == JsonValueKind.String
        && DateTimeOffset.TryParse(time.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value) ? value.ToUniversalTime() : null;

    private static void WriteRow(Utf8JsonWriter json, CatalogKind kind, JobOperation operation, CatalogRow row)
    {
        json.WriteStartObject();
        json.WriteString("type", Type(kind));
        if (operation != JobOperation.Create)
            json.WriteString("id", Id(row.ExternalId));
        if (operation != JobOperation.Delete)
        {
            json.WriteStartObject("attributes");
            if (operation == JobOperation.Create)
                json.WriteString("external_id", row.ExternalId);
            using (var attributes = JsonDocument.Parse(row.Attributes))
            {
                foreach (var attribute in attributes.RootElement.EnumerateObject())
                    attribute.WriteTo(json);
            }

            json.WriteEndObject();
            WriteRelationships(json, kind, operation, row);
        }

        json.WriteEndObject();
    }

    private static void WriteRelationships(Utf8JsonWriter json, CatalogKind kind, JobOperation operation, CatalogRow row)
    {
        if (kind == CatalogKind.Variant && operation == JobOperation.Create)
        {
            json.WriteStartObject("relationships");
            json.WriteStartObject("item");
            json.WriteStartObject("data");
            json.WriteString("type", Type(CatalogKind.Item));
            json.WriteString("id", Id(row.ItemExternalId!));
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        else if (row.CategoryExternalIds is { } categories)
        {
            json.WriteStartObject("relationships");
            json.WriteStartObject("categories");
            WriteReferences(json, categories);
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private static void WriteReferences(Utf8JsonWriter json, IReadOnlyList<string> categories)
    {
        json.WriteStartArray("data");
        foreach (var category in categories)
        {
            json.WriteStartObject();
            json.WriteString("type", Type(CatalogKind.Category));
            json.WriteString("id", Id(category));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string Type(CatalogKind kind) => kind switch
    {
        CatalogKind.Category => "catalog-category",
        CatalogKind.Item => "catalog-item",
        CatalogKind.Variant => "catalog-variant",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static string Plural(CatalogKind kind) => kind switch
    {
        CatalogKind.Category => "categories",
        CatalogKind.Item => "items",
        CatalogKind.Variant => "variants",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static string JobType(CatalogKind kind, JobOperation operation) => operation switch
    {
        JobOperation.Create => $"{Type(kind)}-bulk-create-job",
        JobOperation.Update => $"{Type(kind)}-bulk-update-job",
        JobOperation.Delete => $"{Type(kind)}-bulk-delete-job",
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };

    [GeneratedRegex(@"/(?:items|variants|categories)/data/(\d+)(?=/|$)")]
    private static partial Regex Row();
}
