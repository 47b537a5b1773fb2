using System.Globalization;
using System.Text.Json;
using ZoeyKlaviyo.Admin.Hosting;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Admin.Audit;

/// <summary>The Audit Log, a run's records and the payloads as JSON lines, with the filters of their pages, however many there are.</summary>
internal static class JsonLines
{
    private const int RowsPerFlush = 200;
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    public static void MapJsonLines(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/stores/{store}/audit.jsonl", RunsAsync);
        endpoints.MapGet("/stores/{store}/audit/{run:long}.jsonl", RecordsAsync);
        endpoints.MapGet("/stores/{store}/payloads.jsonl", PayloadsAsync);
    }

    private static async Task RunsAsync(HttpContext context, Timeline timeline) =>
        await WriteAsync(context, timeline.StreamRunsAsync(context.Store(), AuditQuery.Filter(context.Request.Query), context.RequestAborted), Row);

    private static async Task RecordsAsync(HttpContext context, long run, RunDetails details)
    {
        if (await details.FindAsync(context.Store(), run, context.RequestAborted) is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var records = details.StreamRecordsAsync(context.Store(), run, AuditQuery.Records(context.Request.Query), context.RequestAborted);
        await WriteAsync(context, records, Row);
    }

    private static async Task PayloadsAsync(HttpContext context, PayloadQueries payloads) =>
        await WriteAsync(context, payloads.StreamAsync(context.Store(), AuditQuery.Payloads(context.Request.Query), context.RequestAborted), Row);

    private static object Row(Run run) => new
    {
        run = run.Id.ToString(CultureInfo.InvariantCulture),
        kind = run.Kind.ToString(),
        trigger = run.Trigger.ToString(),
        run.RequestedBy,
        status = run.Status.ToString(),
        run.QueuedUtc,
        run.StartedUtc,
        run.FinishedUtc,
        run.Message,
        run.Counts,
    };

    private static object Row(RunRecord record)
    {
        var advice = ErrorAdvice.For(record.ErrorCode);
        return new
        {
            record.Record,
            record.Operation,
            result = record.Result.ToString(),
            record.HttpStatus,
            record.Error,
            advice?.Explanation,
            advice?.Advice,
            record.AtUtc,
        };
    }

    private static object Row(Payload payload) => new
    {
        id = payload.Id.ToString(CultureInfo.InvariantCulture),
        payload.Metric,
        payload.Email,
        payload.UniqueId,
        state = payload.State.ToString(),
        payload.InDoubt,
        payload.Attempts,
        payload.OccurredUtc,
        payload.ReceivedUtc,
        payload.SentUtc,
        payload.NextTryUtc,
        payload.Error,
    };

    private static async Task WriteAsync<T>(HttpContext context, IAsyncEnumerable<T> rows, Func<T, object> row)
    {
        context.Response.ContentType = "application/x-ndjson; charset=utf-8";
        var written = 0;
        await foreach (var item in rows)
        {
            await JsonSerializer.SerializeAsync(context.Response.BodyWriter, row(item), s_json, context.RequestAborted);
            context.Response.BodyWriter.Write("\n"u8);
            if (++written % RowsPerFlush == 0)
                await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
    }

    private static void Write(this System.IO.Pipelines.PipeWriter writer, ReadOnlySpan<byte> bytes) => System.Buffers.BuffersExtensions.Write(writer, bytes);
}
