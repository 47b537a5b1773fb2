using System.Text.Json;
using Microsoft.Extensions.Options;
using ZoeyKlaviyo.Core.Zoey.Wire;

namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>Asks a store for one record of each resource, to find out which of them it has and lets us read.</summary>
public sealed class ZoeyProber(ZoeyHttp http, IOptions<ZoeyOptions> options)
{
    private static readonly ZoeyQuery s_any = new();
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone);

    internal async Task<ZoeyProbeReport> ProbeAsync(ZoeyStore store, CancellationToken cancellationToken)
    {
        var found = new List<ZoeyProbedResource>();
        string? verdict = null;
        bool? hasLines = null;
        bool? filters = null;
        foreach (var resource in Resources(options.Value))
        {
            if (verdict is not null)
            {
                found.Add(new ZoeyProbedResource(resource.Name, resource.Path, ZoeyAvailability.NotTested, "Not tested, for the reason above."));
                continue;
            }

            try
            {
                using var document = await http.GetAsync(store, resource, resource.Path, s_any.Page(1, 1), cancellationToken);
                if (resource.Name == "orders")
                    (hasLines, filters) = (HasLines(document, resource), await FiltersAsync(store, resource, cancellationToken));
                found.Add(new ZoeyProbedResource(resource.Name, resource.Path, ZoeyAvailability.Available, AvailableWords(resource, hasLines, filters)));
            }
            catch (ZoeyException exception)
            {
                found.Add(new ZoeyProbedResource(resource.Name, resource.Path, AvailabilityOf(exception), Words(resource, exception)));
                if (exception.Problem is ZoeyProblem.Credentials or ZoeyProblem.Clock or ZoeyProblem.Redirect or ZoeyProblem.Unavailable)
                    verdict = exception.Message;
            }
        }

        var usable = found.Count(resource => resource.Availability == ZoeyAvailability.Available);
        return new ZoeyProbeReport(verdict is null && usable > 0, verdict ?? Verdict(found, usable), found, hasLines, filters);
    }

    private static ZoeyResource[] Resources(ZoeyOptions options) =>
    [
        ZoeyResource.Products(options), ZoeyResource.Stock(options), ZoeyResource.Categories(options), ZoeyResource.Orders(options), ZoeyResource.Subscribers(options),
    ];

    private static string Verdict(List<ZoeyProbedResource> found, int usable) =>
        usable == found.Count ? "The store gives everything that is asked for."
        : found.All(resource => resource.Availability == ZoeyAvailability.NotPermitted)
            ? "The store refuses everything, as it would to a guest. Give the API role Read access to all resources and attributes in Zoey; if it has that, something "
                + "between here and the store takes the Authorization header away."
        : usable == 0 ? "The store gives nothing of what is asked for."
        : $"The store gives {usable} of {found.Count} kinds of records; what the others mean stands below.";

    /// <summary>Null when the store has no order to look at.</summary>
    private static bool? HasLines(JsonDocument document, ZoeyResource resource)
    {
        try
        {
            return ZoeyPager.Records(document.RootElement, resource).FirstOrDefault() is { } first ? OrderLineReader.Read(first.Json) is not null : null;
        }
        catch (FormatException)
        {
            return true;
        }
    }

    private async Task<bool?> FiltersAsync(ZoeyStore store, ZoeyResource resource, CancellationToken cancellationToken)
    {
        try
        {
            var query = ZoeyOrderListing.CreatedFrom(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), _zone);
            using var document = await http.GetAsync(store, resource, resource.Path, query.Page(1, 1), cancellationToken);
            return true;
        }
        catch (ZoeyException exception)
        {
            return exception.HttpStatus == 400 ? false : null;
        }
    }

    private static ZoeyAvailability AvailabilityOf(ZoeyException exception) => exception.Problem switch
    {
        ZoeyProblem.Credentials or ZoeyProblem.Clock => ZoeyAvailability.Credentials,
        ZoeyProblem.Forbidden => ZoeyAvailability.NotPermitted,
        ZoeyProblem.Blocked => ZoeyAvailability.Blocked,
        ZoeyProblem.NoSuchEndpoint or ZoeyProblem.NotFound => ZoeyAvailability.NotThere,
        _ => ZoeyAvailability.Unavailable,
    };

    private static string AvailableWords(ZoeyResource resource, bool? hasLines, bool? filters) => resource.Name != "orders" ? "Available." : "Available. "
        + (hasLines switch
        {
            true => "Orders come with their lines. ",
            false => "Orders come without their lines, so that each is read once more alone. ",
            null => "There is no order yet to see whether lines come along. ",
        })
        + (filters switch
        {
            true => "New orders can be asked for by their time.",
            false => "The store can't filter orders by their time, so that they are read backwards from the newest.",
            null => "Whether new orders can be asked for by their time could not be found out.",
        });

    private static string Words(ZoeyResource resource, ZoeyException exception) => exception.Problem is ZoeyProblem.NoSuchEndpoint or ZoeyProblem.NotFound
        ? $"This store has no such resource at \"{resource.Path}\". {resource.Without}"
        : exception.Problem is ZoeyProblem.Forbidden ? $"{exception.Message} {resource.Without}"
        : exception.Message;
}
