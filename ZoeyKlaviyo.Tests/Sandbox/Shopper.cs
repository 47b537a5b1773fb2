using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace ZoeyKlaviyo.Tests.Sandbox;

/// <summary>A browser in the demo shop: keeps its cookie, follows redirects, sends forms.</summary>
public sealed class Shopper(Uri shop) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = shop };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Where the last request ended.</summary>
    public string Path { get; private set; } = "";

    public HttpStatusCode Status { get; private set; }

    public IHtmlDocument Page { get; private set; } = default!;

    public string Message => string.Join(' ', Page.QuerySelectorAll(".messages li").Select(item => item.TextContent));

    public IReadOnlyList<string> CartLines => [.. Page.QuerySelectorAll(".block-cart .item").Select(line => line.TextContent.Split('×')[0].Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        .Select(parts => $"{parts[^1]} {parts[0]}")];

    public string CartId => Page.QuerySelector(".block-cart")!.GetAttribute("data-zk-cart")!;

    public static Shopper In(SandboxSession session) => new(session.Server.BaseAddress);

    public Task<IHtmlDocument> GetAsync(string path) => ReadAsync(_http.GetAsync(path, Cancel));

    public Task<IHtmlDocument> PostAsync(string path, params (string Name, string Value)[] fields) =>
        ReadAsync(_http.PostAsync(path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))), Cancel));

    public Task<IHtmlDocument> AddAsync(string product, string quantity = "1", string size = "") =>
        PostAsync("/shop/checkout/cart/add", ("product", product), ("qty", quantity), ("size", size));

    public Task<IHtmlDocument> LogInAsync(string email) => PostAsync("/shop/customer/account/loginPost", ("email", email), ("password", "anything"));

    public Task<IHtmlDocument> PlaceOrderAsync(string payment = "paynow", string email = "", string street = "9 Low Road") => PostAsync(
        "/shop/checkout/onepage/saveOrder",
        ("payment[method]", payment), ("billing[email]", email), ("billing[firstname]", "Kim"), ("billing[lastname]", "Lee"), ("billing[street1]", street),
        ("billing[city]", "Leeds"), ("billing[postcode]", "LS1"), ("billing[country_id]", "GB"));

    public void Dispose() => _http.Dispose();

    private async Task<IHtmlDocument> ReadAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        (Path, Status) = (answer.RequestMessage!.RequestUri!.AbsolutePath, answer.StatusCode);
        return Page = new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync(Cancel));
    }
}
