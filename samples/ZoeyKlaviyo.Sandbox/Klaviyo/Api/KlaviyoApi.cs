using System.Text.Encodings.Web;
using System.Text.Json;
using ZoeyKlaviyo.Sandbox.Klaviyo.Contract;
using ZoeyKlaviyo.Sandbox.Klaviyo.Limits;
using ZoeyKlaviyo.Sandbox.Klaviyo.OAuth;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Api;

/// <summary>Everything under <c>/api</c>: what every operation demands, then the operation itself.</summary>
internal sealed class KlaviyoApi(IEnumerable<IApiOperations> operations, OAuthTokens tokens, RateLimits limits, SandboxOptions options)
{
    /// <summary>Documented as 5 MB; the smaller reading of it.</summary>
    public const int MaxBodyBytes = 5_000_000;

    public const string MediaType = "application/vnd.api+json";

    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, ApiHandler> _handlers =
        operations.SelectMany(group => group.Handlers).ToDictionary(pair => pair.Key, pair => pair.Value);

    /// <param name="body">The request's body, cut off when it is larger than <see cref="MaxBodyBytes"/>.</param>
    public async Task HandleAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        var grant = ReadBearer(context.Request) is { } token ? tokens.ReadAccess(token) : null;
        var answer = grant is null ? ApiAnswer.NotAuthenticated : Answer(context, grant, body).WithErrors(options.ErrorsPerAnswer);
        if (grant is not null)
            context.Response.Headers["Cid"] = grant.Account;
        await WriteAsync(context, answer);
    }

    public static async Task WriteAsync(HttpContext context, ApiAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.Headers["X-Klaviyo-Api-Revision"] = KlaviyoContract.Revision;
        context.Response.Headers["X-Klaviyo-Req-Id"] = answer.Body?["errors"]?[0]?["id"]?.ToString() ?? Guid.NewGuid().ToString();
        if (answer.Body is null)
            return;
        context.Response.ContentType = MediaType;
        await context.Response.WriteAsync(answer.Body.ToJsonString(s_json), context.RequestAborted);
    }

    public static string? ReadBearer(HttpRequest request) =>
        request.Headers.Authorization.ToString() is { } header && header.StartsWith("Bearer ", StringComparison.Ordinal) ? header[7..] : null;

    private ApiAnswer Answer(HttpContext context, Grant grant, ReadOnlyMemory<byte> body)
    {
        var request = context.Request;
        var path = request.Path.Value!;
        var candidates = KlaviyoContract.Operations.Where(operation => operation.MatchPath(path) is not null).ToList();
        if (candidates.Count == 0)
            return ApiAnswer.Refused(404, "not_found", "Not found.", "The path does not exist.");
        if (candidates.Find(operation => operation.Method == request.Method) is not { } operation)
            return ApiAnswer.Refused(405, "method_not_allowed", "Method not allowed.", $"Method \"{request.Method}\" not allowed.");
        var limit = limits.Count(grant.Account, operation);
        foreach (var (name, value) in limit?.Headers ?? [])
            context.Response.Headers[name] = value;
        if (limit?.RetryAfter is { } seconds)
            return ApiAnswer.Throttled(seconds);
        if (ApiGate.Refuse(request, operation, grant, body.Length) is { } refusal)
            return refusal;
        if (operation.BodySchema is null)
            return _handlers[operation.OperationId].Answer(new(request, operation, grant.Account, operation.MatchPath(path)!, default));
        try
        {
            using var document = JsonDocument.Parse(body);
            return AnswerBody(new(request, operation, grant.Account, operation.MatchPath(path)!, document.RootElement));
        }
        catch (JsonException exception)
        {
            return ApiAnswer.Invalid([new("/data", "JSON parse error: " + exception.Message)]);
        }
    }

    private ApiAnswer AnswerBody(ApiCall call)
    {
        var handler = _handlers[call.Operation.OperationId];
        var violations = KlaviyoContract.Validate(call.Operation, call.Body);
        var further = handler.Rules?.Invoke(call, violations).ToList() ?? [];
        List<ContractViolation> all = [.. violations.Where(one => further.TrueForAll(other => other.Pointer != one.Pointer)), .. further];
        return all.Count == 0 ? handler.Answer(call) : ApiAnswer.Invalid(all);
    }
}
