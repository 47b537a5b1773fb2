using System.Text.Json.Serialization;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Lists;

/// <param name="OptInProcess"><c>single_opt_in</c> or <c>double_opt_in</c>.</param>
public sealed record KlaviyoList(string Account, string Id, string Name, string OptInProcess, DateTimeOffset Created)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsDeleted { get; init; }
}
