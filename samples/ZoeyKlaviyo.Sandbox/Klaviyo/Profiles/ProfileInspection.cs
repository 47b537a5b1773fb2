using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using ZoeyKlaviyo.Sandbox.Inspection;
using ZoeyKlaviyo.Sandbox.Klaviyo.Accounts;
using ZoeyKlaviyo.Sandbox.Klaviyo.Lists;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;

/// <summary>Profiles, their consent and the calls that changed it as JSON for tests and people; no part of Klaviyo. <c>?account=</c> names another one than the first.</summary>
internal sealed class ProfileInspection(ProfileBook book, TimeProvider time)
{
    private static readonly string[] s_fixed = ["account", "id", "email", "created"];

    private static readonly JsonSerializerOptions s_settings = new(InspectionEndpoints.Json) { RespectRequiredConstructorParameters = false };

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sandbox/profiles", context => WriteAsync(context, book.Profiles));
        routes.MapPost("/sandbox/profiles", context => ReadAsync(context, body => Seed(Account(context), body)));
        routes.MapGet("/sandbox/profiles/{email}", context => WriteOrMissAsync(context, book.Find(Account(context), Email(context))));
        routes.MapPut("/sandbox/profiles/{email}", context => ReadAsync(context, body => Change(Account(context), Email(context), body)));
        routes.MapPost("/sandbox/profiles/{email}/unsubscribe", context => WriteAsync(context, book.Unsubscribe(Account(context), Email(context))));
        routes.MapPost("/sandbox/profiles/{email}/confirm", context =>
            WriteOrMissAsync(context, book.Confirm(Account(context), Email(context)) > 0 ? book.Find(Account(context), Email(context)) : null));
        routes.MapGet("/sandbox/subscriptions", context => WriteAsync(context, Find(context.Request.Query)));
        routes.MapGet("/sandbox/subscriptions/counts", context => WriteAsync(context, Counts()));
        routes.MapGet("/sandbox/subscriptions/settings", context => WriteAsync(context, book.Settings));
        routes.MapPut("/sandbox/subscriptions/settings", context => ReadAsync(context, ChangeSettings));
    }

    public void Reset() => book.Clear();

    /// <summary>An array, each with an email and what of its consent is not that of somebody who never subscribed.</summary>
    private object Seed(string account, JsonNode? body)
    {
        var profiles = (body as JsonArray ?? throw new JsonException("The body is an array of profiles.")).Select(one =>
        {
            var members = one as JsonObject ?? throw new JsonException("A profile is an object.");
            var email = (string?)members["email"] ?? throw new JsonException("A profile has an email.");
            members.Remove("email");
            return Read(KlaviyoProfile.New(account, email, time.GetUtcNow()), members);
        }).ToList();
        book.Set(profiles);
        return new { profiles = profiles.Count };
    }

    /// <summary>What the body does not name stays as it is.</summary>
    private KlaviyoProfile Change(string account, string email, JsonNode? body)
    {
        var members = body as JsonObject ?? throw new JsonException("The body is an object.");
        book.Set(Read(book.Find(account, email) ?? KlaviyoProfile.New(account, email, time.GetUtcNow()), members));
        return book.Find(account, email)!;
    }

    private ConsentSettings ChangeSettings(JsonNode? body)
    {
        var settings = Overlay(book.Settings, body as JsonObject ?? throw new JsonException("The body is an object.")).Deserialize<ConsentSettings>(s_settings)!;
        if (settings.DefaultOptIn is not (ListBook.SingleOptIn or ListBook.DoubleOptIn) || settings.DelaySeconds is < 0 or > 86_400)
            throw new JsonException("The default opt-in is single_opt_in or double_opt_in, the delay from 0 to 86400 seconds.");
        return book.Settings = settings;
    }

    private static KlaviyoProfile Read(KlaviyoProfile profile, JsonObject members) =>
        members.Any(member => s_fixed.Contains(member.Key))
            ? throw new JsonException("A profile cannot be given another " + string.Join(", ", s_fixed) + ".")
            : Overlay(profile, members).Deserialize<KlaviyoProfile>(InspectionEndpoints.Json)!;

    private static JsonObject Overlay<T>(T value, JsonObject members)
    {
        var all = JsonSerializer.SerializeToNode(value, InspectionEndpoints.Json)!.AsObject();
        foreach (var (name, member) in members)
            all[name] = member?.DeepClone();
        return all;
    }

    private IEnumerable<SubscriptionEntry> Find(IQueryCollection query)
    {
        var (email, kind) = (query["email"].ToString(), query["kind"].ToString());
        return book.Log.Where(one => (email.Length == 0 || string.Equals(one.Email, email, StringComparison.OrdinalIgnoreCase))
            && (kind.Length == 0 || string.Equals(one.Kind.ToString(), kind, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Rows of accepted calls, the people in them, and how many had left before somebody asked to subscribe them.</summary>
    private object Counts()
    {
        var log = book.Log;
        return new
        {
            subscribe = Count(log, SubscriptionKind.Subscribe),
            unsubscribe = Count(log, SubscriptionKind.Unsubscribe),
            pending = log.Count(one => one.State == SubscriptionState.Pending),
            awaitingConfirmation = log.Count(one => one.State == SubscriptionState.AwaitingConfirmation),
            hadLeft = log.Count(one => one.HadLeft),
        };
    }

    private static object Count(IReadOnlyList<SubscriptionEntry> log, SubscriptionKind kind)
    {
        var rows = log.Where(one => one.Kind == kind).ToList();
        return new
        {
            calls = rows.Select(one => one.Job).Distinct().Count(),
            rows = rows.Count,
            distinct = rows.Select(one => (one.Account, one.Email.ToLowerInvariant())).Distinct().Count(),
        };
    }

    private static string Email(HttpContext context) => (string)context.Request.RouteValues["email"]!;

    private static string Account(HttpContext context) =>
        context.Request.Query["account"].ToString() is { Length: > 0 } account ? account : DemoAccounts.AcmeTools.Id;

    private static async Task ReadAsync(HttpContext context, Func<JsonNode?, object> accept)
    {
        try
        {
            await WriteAsync(context, accept(await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted)));
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await WriteAsync(context, new { error = exception.Message, profile = KlaviyoProfile.New("", "", default), settings = new ConsentSettings() });
        }
    }

    private static Task WriteOrMissAsync<T>(HttpContext context, T? value)
    {
        if (value is not null)
            return WriteAsync(context, value);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static Task WriteAsync<T>(HttpContext context, T value) =>
        context.Response.WriteAsJsonAsync(value, InspectionEndpoints.Json, context.RequestAborted);
}
