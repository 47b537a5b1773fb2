namespace ZoeyKlaviyo.Sandbox.Shop;

/// <param name="Street">One or more lines.</param>
/// <param name="CountryCode">ISO 3166-1 alpha-2.</param>
public sealed record ShopAddress(
    string FirstName,
    string LastName,
    string? Company,
    IReadOnlyList<string> Street,
    string City,
    string? Region,
    string? PostCode,
    string CountryCode,
    string? Telephone);
