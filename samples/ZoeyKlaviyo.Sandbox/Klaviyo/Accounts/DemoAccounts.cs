namespace ZoeyKlaviyo.Sandbox.Klaviyo.Accounts;

public static class DemoAccounts
{
    public static KlaviyoAccount AcmeTools { get; } =
        new("ABC123", "Acme Tools", "hello@acme-tools.test", "https://acme-tools.test", "USD", "US/Eastern", "en-US");

    public static KlaviyoAccount AcmeToolsEurope { get; } =
        new("XYZ789", "Acme Tools Europe", "hallo@acme-tools-europe.test", "https://acme-tools-europe.test", "EUR", "Europe/Berlin", "en-GB");

    public static IReadOnlyList<KlaviyoAccount> All { get; } = [AcmeTools, AcmeToolsEurope];

    public static KlaviyoAccount? Find(string? id) => All.FirstOrDefault(account => account.Id == id);
}
