using Microsoft.AspNetCore.Components;

namespace ZoeyKlaviyo.Admin.Shared;

/// <summary>The present address with other filters: back at the first page, and without what concerned the old one.</summary>
internal static class FilterAddress
{
    public static string With(NavigationManager navigation, params (string Name, string? Value)[] filters)
    {
        var parameters = new Dictionary<string, object?> { ["older"] = null, ["connect"] = null };
        foreach (var (name, value) in filters)
            parameters[name] = string.IsNullOrWhiteSpace(value) ? null : value;
        return navigation.GetUriWithQueryParameters(parameters);
    }
}
