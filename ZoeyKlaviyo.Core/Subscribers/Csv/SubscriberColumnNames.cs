using ZoeyKlaviyo.Core.Addresses;
using ZoeyKlaviyo.Core.Csv;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Subscribers.Csv;

/// <summary>Recognises columns by the names that they have in exports of Magento, Zoey, Klaviyo and Mailchimp, or by what is in them.</summary>
internal static class SubscriberColumnNames
{
    private static readonly string[] s_email = ["subscriberemail", "email", "emailaddress", "customeremail", "mail", "mailaddress", "emails"];

    private static readonly string[] s_status =
        ["subscriberstatus", "subscriptionstatus", "newsletterstatus", "emailmarketingconsent", "status", "subscribed", "issubscribed", "newsletter"];

    private static readonly string[] s_changedAt =
    [
        "changestatusat", "statuschangedat", "changedat", "emailmarketingconsenttimestamp", "consentedat", "consenttimestamp", "subscribedat", "subscribedon",
        "unsubscribedat", "unsubtime", "confirmtime", "optintime", "lastchanged", "updatedat", "createdat", "dateadded", "date",
    ];

    private static readonly string[] s_id = ["subscriberid", "id", "entityid"];

    public static int? Email(IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var named = Named(headers, s_email);
        // A column called Email may also hold a Yes.
        var found = Enumerable.Range(0, headers.Count)
            .Select(column => (Column: column, Count: rows.Count(row => IsAddress(row.ElementAtOrDefault(column)))))
            .Where(column => column.Count > 0)
            .OrderByDescending(column => column.Column == named).ThenByDescending(column => column.Count)
            .Select(column => (int?)column.Column).FirstOrDefault();
        return found ?? (rows.All(row => string.IsNullOrWhiteSpace(row.ElementAtOrDefault(named ?? 0))) ? named : null);
    }

    public static int? Status(IReadOnlyList<string> headers) => Named(headers, s_status);

    /// <summary>Of a file without names: by words alone, as a number may be anything.</summary>
    public static int? StatusByContent(int columns, IReadOnlyList<IReadOnlyList<string>> rows) =>
        ByContent(columns, rows, cell => !cell.Any(char.IsDigit) && SubscriberCells.Status(cell) is not null);

    public static int? ChangedAt(IReadOnlyList<string> headers) => Named(headers, s_changedAt);

    public static int? ChangedAtByContent(int columns, IReadOnlyList<IReadOnlyList<string>> rows) =>
        ByContent(columns, rows, cell => ZoeyTime.Parse(cell, TimeZoneInfo.Utc) is not null);

    public static int? Id(IReadOnlyList<string> headers) => Named(headers, s_id);

    public static bool IsAddress(string? cell) => cell is not null && EmailAddress.Normalize(CsvText.Restore(cell)) is not null;

    private static int? Named(IReadOnlyList<string> headers, string[] names)
    {
        var plain = headers.Select(header => string.Concat(header.Where(char.IsLetterOrDigit)).ToLowerInvariant()).ToList();
        return names.Select(name => plain.IndexOf(name)).Where(column => column >= 0).Select(column => (int?)column).FirstOrDefault();
    }

    private static int? ByContent(int columns, IReadOnlyList<IReadOnlyList<string>> rows, Func<string, bool> fits) =>
        Enumerable.Range(0, columns).Where(column =>
        {
            var cells = rows.Select(row => row.ElementAtOrDefault(column)?.Trim()).Where(cell => !string.IsNullOrEmpty(cell)).ToList();
            return cells.Count > 0 && cells.TrueForAll(cell => fits(cell!));
        }).Select(column => (int?)column).FirstOrDefault();
}
