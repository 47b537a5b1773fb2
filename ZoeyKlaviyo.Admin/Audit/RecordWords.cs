using System.Text.Encodings.Web;
using System.Text.Json;
using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Subscribers;

namespace ZoeyKlaviyo.Admin.Audit;

/// <summary>A run's records in words.</summary>
internal static class RecordWords
{
    private const string RefusedByKlaviyo = "Refused by Klaviyo";
    private const string WaitingForProduct = "Waiting for its product";

    // Shown as text in a page that escapes it: quotes and accents stay readable.
    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Result(RecordResult result) => result == RecordResult.Retry ? "Will be retried" : result.ToString();

    /// <summary>As the records of a kind of run call it.</summary>
    public static string Result(RecordResult result, SyncKind kind) => (result, SyncKinds.IsCatalog(kind)) switch
    {
        (RecordResult.Failed, true) => RefusedByKlaviyo,
        (RecordResult.Skipped, true) when kind == SyncKind.Variants => WaitingForProduct,
        _ => Result(result),
    };

    /// <summary>As for a subscriber or a record of the catalog, where it is about one.</summary>
    public static string Result(RunRecord record) => (record.Operation, record.Result) switch
    {
        (_, RecordResult.Failed) when record.CatalogRecordId is not null => RefusedByKlaviyo,
        (_, RecordResult.Skipped) when record.ErrorCode == CatalogRecords.WaitingForItem => WaitingForProduct,
        (Metrics.Subscribe, RecordResult.Sent) => "Subscribed",
        (Metrics.Unsubscribe, RecordResult.Sent) => "Unsubscribed",
        (Metrics.Subscribe, RecordResult.Unchanged) => "Already subscribed",
        (Metrics.Subscribe or Metrics.Unsubscribe, RecordResult.Failed) => "Refused",
        (SubscriberRecords.Read, RecordResult.Failed) => "Not readable",
        _ => Result(record.Result),
    };

    public static Tone ToneOf(RecordResult result) => result switch
    {
        RecordResult.Failed => Tone.Bad,
        RecordResult.Retry => Tone.Warning,
        RecordResult.Skipped or RecordResult.Unchanged => Tone.Neutral,
        _ => Tone.Good,
    };

    /// <summary>Why it did not go well, plainly; null when it did.</summary>
    public static string? Why(RunRecord record) => ErrorAdvice.For(record.ErrorCode)?.Explanation ?? record.Error;

    /// <summary>Indented when it is JSON, else as it is.</summary>
    public static string Readable(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return JsonSerializer.Serialize(json.RootElement, s_readable);
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
