namespace ZoeyKlaviyo.Core.Access;

/// <summary>Who is signed in, as the identity provider says.</summary>
/// <param name="Id">The provider's subject.</param>
/// <param name="IsSupport">Sees every store, and may start and retry syncs, but not change settings or connections.</param>
/// <param name="IsStoreAdmin">May do everything in the stores of <paramref name="StoreKeys"/>.</param>
/// <param name="StoreKeys">The stores of the provider's store claim.</param>
public sealed record Person(string Id, string Name, bool IsSupport, bool IsStoreAdmin, IReadOnlySet<string> StoreKeys)
{
    public bool HasRole => IsSupport || IsStoreAdmin;

    internal bool MayOpen(string storeKey) => IsSupport || MayManage(storeKey);

    internal bool MayManage(string storeKey) => IsStoreAdmin && StoreKeys.Contains(storeKey);
}

/// <summary>Role names in the provider's role claim.</summary>
public static class Roles
{
    public const string StoreAdmin = "store-admin";
    public const string Support = "support";
}
