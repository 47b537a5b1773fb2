using System.Text.Json;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Contract;

/// <summary>Klaviyo's official OpenAPI document, cut to the operations the sandbox answers.</summary>
public static class KlaviyoContract
{
    private static readonly JsonElement s_document = Load();

    private static readonly SchemaValidator s_validator = new(s_document);

    public static string Revision { get; } = s_document.GetProperty("info").GetProperty("version").GetString()!;

    public static IReadOnlyList<ContractOperation> Operations { get; } =
    [
        .. from path in s_document.GetProperty("paths").EnumerateObject()
           from method in path.Value.EnumerateObject()
           select new ContractOperation(method.Name, path.Name, method.Value),
    ];

    /// <summary>What a request body breaks of the contract; unknown members count, except inside free-form objects.</summary>
    /// <param name="path">The path alone, such as <c>/api/events</c>.</param>
    public static IReadOnlyList<ContractViolation> Validate(string method, string path, string json)
    {
        var operation = Operations.FirstOrDefault(candidate =>
            string.Equals(candidate.Method, method, StringComparison.OrdinalIgnoreCase) && candidate.MatchPath(path) is not null);
        if (operation is null)
            return [new("", $"{method} {path} is not in the contract.")];
        try
        {
            using var document = JsonDocument.Parse(json);
            return Validate(operation, document.RootElement);
        }
        catch (JsonException exception)
        {
            return [new("/data", "JSON parse error: " + exception.Message)];
        }
    }

    internal static IReadOnlyList<ContractViolation> Validate(ContractOperation operation, JsonElement body) =>
        operation.BodySchema is { } schema ? s_validator.Validate(schema, body) : [new("", "This operation takes no body.")];

    private static JsonElement Load()
    {
        using var stream = typeof(KlaviyoContract).Assembly.GetManifestResourceStream("klaviyo-openapi.json")!;
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }
}
