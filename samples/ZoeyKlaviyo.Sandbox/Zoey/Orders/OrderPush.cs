using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Routing;
using ZoeyKlaviyo.Sandbox.Shop;

namespace ZoeyKlaviyo.Sandbox.Zoey.Orders;

/// <summary>The store's server telling the connector about an order, as it does when a merchant has set that up.</summary>
internal sealed class OrderPush(SandboxOptions options, OrderBook orders, IOrderJson json) : IDisposable
{
    private readonly HttpClient _http = new();

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/sandbox/feed/orders/{entityId}", PushAsync);

    public void Dispose() => _http.Dispose();

    /// <summary>Answers what the connector answered.</summary>
    private async Task PushAsync(HttpContext context)
    {
        if (orders.Find((string)context.Request.RouteValues["entityId"]!) is not { } order)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        using var request = Request(json.Write(order));
        using var response = await _http.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private HttpRequestMessage Request(string body)
    {
        var time = options.TimeProvider.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(SandboxOptions.FeedSecret), Encoding.UTF8.GetBytes($"{time}.{body}"));
        return new(HttpMethod.Post, $"{options.AdminUrl}/feed/{SandboxOptions.StorePublicKey}/orders")
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
            Headers = { { "Zoey-Signature", $"t={time},v1={Convert.ToHexStringLower(signature)}" } },
        };
    }
}
