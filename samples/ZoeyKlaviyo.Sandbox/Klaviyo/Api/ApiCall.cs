using System.Text.Json;
using ZoeyKlaviyo.Sandbox.Faults;
using ZoeyKlaviyo.Sandbox.Klaviyo.Contract;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Api;

/// <summary>A call that passed the gate: known operation, good token, body as the contract says.</summary>
/// <param name="Id">The path's id, empty when it has none.</param>
internal sealed record ApiCall(HttpRequest Request, ContractOperation Operation, string Account, string Id, JsonElement Body)
{
    /// <summary>The switched-on fault that has events or subscribers of this call refused.</summary>
    public Fault? Refusal => Request.HttpContext.Features.Get<Fault>();

    public string? Query(string name) => Request.Query.TryGetValue(name, out var values) ? values.ToString() : null;

    public string Link(string path) => $"{Request.Scheme}://{Request.Host}{path}";
}
