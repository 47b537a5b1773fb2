using System.Globalization;

namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>
/// The query of a request. Filter numbers and list indexes stay one digit: the server sorts names in another order than OAuth asks for as
/// soon as they have two.
/// </summary>
internal sealed class ZoeyQuery
{
    public const int MaxListValues = 10;
    private readonly List<KeyValuePair<string, string>> _parameters = [];
    private int _filters;

    public ZoeyQuery Add(string name, string value)
    {
        _parameters.Add(new(name, value));
        return this;
    }

    public ZoeyQuery Filter(string attribute, string @operator, string value)
    {
        var name = NextFilter(attribute);
        return Add($"{name}[{@operator}]", value);
    }

    /// <summary>Records whose time is this one or later. What comes back has to be looked at again: it may begin earlier.</summary>
    /// <param name="zone">The one in which the store writes its times.</param>
    public ZoeyQuery FilterFrom(string attribute, DateTimeOffset from, TimeZoneInfo zone)
    {
        // Where clocks change, an hour of wall time comes twice and filters as one.
        var margin = zone.SupportsDaylightSavingTime ? TimeSpan.FromHours(2) : TimeSpan.Zero;
        return Filter(attribute, "gteq", TimeZoneInfo.ConvertTime(from - margin, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
    }

    /// <param name="values">At most <see cref="MaxListValues"/>.</param>
    public ZoeyQuery FilterIn(string attribute, IReadOnlyList<string> values)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(values.Count, MaxListValues);
        var name = NextFilter(attribute);
        for (var i = 0; i < values.Count; i++)
            Add(string.Create(CultureInfo.InvariantCulture, $"{name}[in][{i}]"), values[i]);
        return this;
    }

    /// <summary>Always both: without a direction a store sorts as it likes.</summary>
    public ZoeyQuery OrderBy(string attribute, string direction) => Add("order", attribute).Add("dir", direction);

    public ZoeyQuery Page(int page, int limit) => Copy()
        .Add("limit", limit.ToString(CultureInfo.InvariantCulture))
        .Add("page", page.ToString(CultureInfo.InvariantCulture));

    public override string ToString() =>
        string.Join('&', _parameters.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));

    private string NextFilter(string attribute)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(++_filters, 9);
        var name = string.Create(CultureInfo.InvariantCulture, $"filter[{_filters}]");
        Add($"{name}[attribute]", attribute);
        return name;
    }

    private ZoeyQuery Copy()
    {
        var copy = new ZoeyQuery { _filters = _filters };
        copy._parameters.AddRange(_parameters);
        return copy;
    }
}
