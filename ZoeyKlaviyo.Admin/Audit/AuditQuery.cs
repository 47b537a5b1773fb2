using System.Globalization;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Admin.Audit;

/// <summary>The filters in an address: what the pages keep there and the JSON routes take. A value that makes no sense does not filter.</summary>
internal static class AuditQuery
{
    public static AuditFilter Filter(IQueryCollection query) => new(
        Name<SyncKind>(query["kind"]),
        Name<RunStatus>(query["status"]),
        Name<RunTrigger>(query["trigger"]),
        From(query["from"]),
        To(query["to"]),
        query["idle"] == "true");

    public static RecordFilter Records(IQueryCollection query) =>
        new(Name<RecordResult>(query["status"]), Text(query["error"]), Text(query["search"]));

    public static PayloadFilter Payloads(IQueryCollection query) =>
        new(Name<PayloadState>(query["state"]), Text(query["search"]), From(query["from"]), To(query["to"]));

    public static T? Name<T>(string? text)
        where T : struct, Enum =>
        Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)
            // Neither a number nor several names at once.
            && string.Equals(value.ToString(), text, StringComparison.OrdinalIgnoreCase)
            ? value
            : null;

    /// <summary>A date is the start of its day in UTC; a time without an offset is UTC.</summary>
    public static DateTimeOffset? From(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    /// <summary>A date is the end of its day in UTC, so that "to" includes the day it names; nothing is later than the last day.</summary>
    public static DateTimeOffset? To(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day == DateOnly.MaxValue ? null : new DateTimeOffset(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)
            : From(text);

    /// <summary>No text in the database holds a NUL, and PostgreSQL refuses to be asked for one.</summary>
    public static string? Text(string? text) => string.IsNullOrWhiteSpace(text) || text.Contains('\0') ? null : text;
}
