using ZoeyKlaviyo.Core.Access;

namespace ZoeyKlaviyo.Admin.SignIn;

/// <summary>Someone to sign in as without a password, in Development.</summary>
internal sealed record Persona(string Key, string Name, string Description, bool HasStores)
{
    public static IReadOnlyList<Persona> All { get; } =
    [
        new("store-admin", "Store admin", "Connects Klaviyo and changes the settings of all configured stores.", HasStores: true),
        new("support", "Support", "Looks into every store and retries, but changes no settings.", HasStores: false),
    ];

    public static Persona? Find(string key) => All.FirstOrDefault(persona => persona.Key == key);

    public Person ToPerson(IEnumerable<string> storeKeys) =>
        new($"persona:{Key}", Name, IsSupport: !HasStores, IsStoreAdmin: HasStores, storeKeys.ToHashSet(StringComparer.Ordinal));
}
