using System.Net;
using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed record TokenAnswer(HttpStatusCode Status, JsonObject? Body)
{
    public string? Error => Body?["error"]?.GetValue<string>();

    public string Text(string name) => Body![name]!.GetValue<string>();
}
