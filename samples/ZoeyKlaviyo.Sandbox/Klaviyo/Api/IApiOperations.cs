namespace ZoeyKlaviyo.Sandbox.Klaviyo.Api;

internal interface IApiOperations
{
    /// <summary>Handlers by the contract's operation id.</summary>
    IReadOnlyDictionary<string, ApiHandler> Handlers { get; }
}
