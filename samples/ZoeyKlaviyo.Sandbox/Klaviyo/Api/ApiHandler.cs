using ZoeyKlaviyo.Sandbox.Klaviyo.Contract;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Api;

/// <param name="Rules">What is refused beyond the contract; gets what the contract found already, and words anew what it names again.</param>
internal sealed record ApiHandler(
    Func<ApiCall, ApiAnswer> Answer,
    Func<ApiCall, IReadOnlyList<ContractViolation>, IEnumerable<ContractViolation>>? Rules = null);
