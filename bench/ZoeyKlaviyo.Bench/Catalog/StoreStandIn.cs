using System.Globalization;
using System.Text.Json;

namespace ZoeyKlaviyo.Bench.Catalog;

/// <summary>
/// A store's REST API over a generated catalog: products come as a map by id, at most a hundred a page, and a page past the end repeats the last
/// one. Each request is counted, and answered after the latency that was asked for.
/// </summary>
internal sealed class StoreStandIn(GeneratedCatalog catalog)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _calls = [];
    private TimeSpan _latency;

    public static async Task RunAsync(BenchOptions options)
    {
        var store = new StoreStandIn(new GeneratedCatalog(options.Products));
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        var api = app.MapGroup("/api/rest");
        api.MapGet("/products", (RequestDelegate)store.ListProductsAsync);
        api.MapGet("/products/{id}", (RequestDelegate)store.FindProductAsync);
        api.MapGet("/products/{id}/images", (RequestDelegate)store.FindImagesAsync);
        api.MapGet("/stockitems", context => store.ListAsync(context, "stock", store.All, store.WriteStock));
        api.MapGet("/categories", context => store.ListAsync(context, "categories", [.. Enumerable.Range(0, store.Categories)], GeneratedCatalog.WriteCategory));
        await app.StartAsync();
        Child.Answer(new { url = app.Urls.Single() });
        while (await Console.In.ReadLineAsync() is { } line)
            Child.Answer(store.Obey(line.Split(' ')));
    }

    private Action<Utf8JsonWriter, int> WriteStock => catalog.WriteStock;

    private int[] All { get; } = [.. Enumerable.Range(0, catalog.Rows)];

    /// <summary>With the two roots.</summary>
    private int Categories => catalog.Categories + 2;

    /// <returns>The calls that were counted before.</returns>
    private Dictionary<string, int> Obey(string[] words)
    {
        lock (_lock)
        {
            var counted = new Dictionary<string, int>(_calls);
            _calls.Clear();
            if (words is ["latency", var milliseconds])
                _latency = TimeSpan.FromMilliseconds(int.Parse(milliseconds, CultureInfo.InvariantCulture));
            if (words is ["change"])
                catalog.Change();
            if (words is ["restock"])
                catalog.Restock();
            return counted;
        }
    }

    private Task ListProductsAsync(HttpContext context)
    {
        if (context.Request.Query["category_id"] is not [{ } category])
            return ListAsync(context, "products", All, catalog.WriteProduct, isMap: true);
        return ListAsync(
            context, "category sweeps", catalog.RowsOfCategory(category) ?? [],
            static (json, row) =>
            {
                json.WriteStartObject();
                json.WriteString("entity_id", GeneratedCatalog.IdOf(row));
                json.WriteEndObject();
            },
            isMap: true);
    }

    private Task ListAsync(HttpContext context, string what, IReadOnlyList<int> rows, Action<Utf8JsonWriter, int> write, bool isMap = false)
    {
        var limit = Math.Clamp(Number(context, "limit", 10), 1, 100);
        var last = Math.Max(1, (rows.Count + limit - 1) / limit);
        var page = Math.Clamp(Number(context, "page", 1), 1, last);
        return AnswerAsync(context, what, json =>
        {
            var isObject = isMap && rows.Count > 0;
            if (isObject)
                json.WriteStartObject();
            else
                json.WriteStartArray();
            foreach (var row in rows.Skip((page - 1) * limit).Take(limit))
            {
                if (isObject)
                    json.WritePropertyName(GeneratedCatalog.IdOf(row));
                write(json, row);
            }

            if (isObject)
                json.WriteEndObject();
            else
                json.WriteEndArray();
        });
    }

    private Task FindProductAsync(HttpContext context) => OfProductAsync(context, "single products", catalog.WriteProduct);

    private Task FindImagesAsync(HttpContext context) => OfProductAsync(context, "images", GeneratedCatalog.WriteImages);

    private Task OfProductAsync(HttpContext context, string what, Action<Utf8JsonWriter, int> write)
    {
        if (catalog.RowOf((string)context.Request.RouteValues["id"]!) is { } row)
            return AnswerAsync(context, what, json => write(json, row));
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return AnswerAsync(context, what, json => json.WriteRawValue("""{"messages":{"error":[{"code":404,"message":"Resource not found."}]}}"""));
    }

    private async Task AnswerAsync(HttpContext context, string what, Action<Utf8JsonWriter> write)
    {
        TimeSpan latency;
        lock (_lock)
        {
            _calls[what] = _calls.GetValueOrDefault(what) + 1;
            latency = _latency;
        }

        if (latency > TimeSpan.Zero)
            await Task.Delay(latency, TimeProvider.System);
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        write(json);
    }

    private static int Number(HttpContext context, string name, int fallback) =>
        int.TryParse(context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : fallback;
}
