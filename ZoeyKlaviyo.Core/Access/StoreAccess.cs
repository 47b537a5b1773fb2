using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Access;

/// <summary>A store in a list.</summary>
public sealed record StoreSummary(string Key, string Name, string StorefrontUrl, bool MayManage);

/// <summary>Decides who may open which store.</summary>
public sealed class StoreAccess(Database database)
{
    /// <summary>Null when there is no such store or the person has no access to it: the two can't be told apart from outside.</summary>
    public async Task<AuthorizedStore?> OpenAsync(Person person, string storeKey, CancellationToken cancellationToken)
    {
        if (!person.MayOpen(storeKey))
            return null;
        var store = await database.ReadAsync(
            db => db.Stores.Where(store => store.Key == storeKey).Select(store => new { store.Id, store.Name }).SingleOrDefaultAsync(cancellationToken),
            cancellationToken);
        return store is null ? null : new AuthorizedStore(store.Id, storeKey, store.Name, person);
    }

    public async Task<IReadOnlyList<StoreSummary>> ListAsync(Person person, CancellationToken cancellationToken)
    {
        var stores = await database.ReadAsync(
            db => db.Stores.OrderBy(store => store.Name).ThenBy(store => store.Key)
                .Select(store => new { store.Key, store.Name, store.StorefrontUrl }).ToListAsync(cancellationToken),
            cancellationToken);
        return stores
            .Where(store => person.MayOpen(store.Key))
            .Select(store => new StoreSummary(store.Key, store.Name, store.StorefrontUrl, person.MayManage(store.Key)))
            .ToList();
    }

    /// <summary>Every store's key: what the Development persona of a store admin has access to.</summary>
    public Task<List<string>> AllKeysAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.Stores.Select(store => store.Key).ToListAsync(cancellationToken), cancellationToken);
}
