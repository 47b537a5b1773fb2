namespace ZoeyKlaviyo.Sandbox.Klaviyo.Contract;

/// <param name="Pointer">JSON pointer into the request body, as Klaviyo's <c>source.pointer</c> gives it.</param>
public sealed record ContractViolation(string Pointer, string Detail)
{
    public bool IsWithin(string pointer) =>
        Pointer.StartsWith(pointer, StringComparison.Ordinal) && (Pointer.Length == pointer.Length || Pointer[pointer.Length] == '/');
}
