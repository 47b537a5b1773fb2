using FluentValidation;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Stores.Api;

/// <summary>Reads and changes a store's address and credentials; each change is recorded without them, and none overwrites one that its author has not seen.</summary>
public sealed class ZoeyAccessEditor(
    Database database, IValidator<ZoeyAccessChange> validator, ISecretProtector protector, StoreSignals signals, TimeProvider time)
{
    private const string Subject = "Store API";

    private sealed record Seen(Store Store, ZoeyAccess? Access);

    public async Task<ZoeyAccessView> ReadAsync(AuthorizedStore store, CancellationToken cancellationToken)
    {
        var (row, access) = await FindAsync(store.Id, cancellationToken);
        return new ZoeyAccessView(
            row.BaseUrl,
            row.FromConfiguration,
            access?.AuthMode ?? ZoeyAuthMode.OAuth1,
            Old(access)?.TokenUrl,
            access is not null,
            access?.FromConfiguration == true,
            access?.ChangedBy ?? "",
            access?.ChangedUtc,
            access?.Version ?? 0,
            ZoeyProbeReport.FromJson(access?.Probe),
            access?.ProbedUtc);
    }

    /// <exception cref="AccessDeniedException">The person is not an admin of the store.</exception>
    public async Task<ZoeyAccessOutcome> SaveAsync(AuthorizedStore store, ZoeyAccessChange change, CancellationToken cancellationToken)
    {
        store.RequireManage();
        var seen = await FindAsync(store.Id, cancellationToken);
        var baseUrl = (seen.Store.FromConfiguration && change.BaseUrl.Length == 0 ? seen.Store.BaseUrl : change.BaseUrl).Trim().TrimEnd('/');
        var old = seen.Access?.AuthMode == change.Mode ? Old(seen.Access) : null;
        var credentials = change.Credentials.For(change.Mode, old);
        var errors = Errors(seen, change with { BaseUrl = baseUrl, Credentials = credentials }, old, change.Credentials).ToList();
        if (errors.Count == 0 && ProblemOf(seen, change.SeenVersion) is { } problem)
            errors.Add(new("", problem));
        if (errors.Count > 0)
            return new ZoeyAccessOutcome(await ReadAsync(store, cancellationToken), errors);

        var ciphertext = protector.Protect(credentials.ToJson());
        return await ChangeAsync(
            store,
            change.SeenVersion,
            async now =>
            {
                var access = now.Access ?? new ZoeyAccess { StoreId = store.Id, CredentialsProtected = "", Version = FirstVersion() };
                var isOther = HostOf(now.Store.BaseUrl) is { } host && host != HostOf(baseUrl);
                if (isOther)
                    await ForgetReadAsync(now, cancellationToken);
                var what = (now.Access?.AuthMode == change.Mode ? ", credentials changed" : "") + (isOther ? ", orders are read anew" : "");
                Record(now, $"{NameOf(change.Mode)}, {baseUrl}{what}", store.Person.Name);
                now.Store.BaseUrl = baseUrl;
                access.AuthMode = change.Mode;
                access.CredentialsProtected = ciphertext;
                access.ChangedUtc = time.GetUtcNow();
                access.ChangedBy = store.Person.Name;
                access.Version++;
                access.Forget();
                return access;
            },
            cancellationToken);
    }

    /// <exception cref="AccessDeniedException">The person is not an admin of the store.</exception>
    public Task<ZoeyAccessOutcome> RemoveAsync(AuthorizedStore store, int seenVersion, CancellationToken cancellationToken)
    {
        store.RequireManage();
        return ChangeAsync(
            store,
            seenVersion,
            now =>
            {
                Record(now, "Not set up", store.Person.Name);
                return Task.FromResult<ZoeyAccess?>(null);
            },
            cancellationToken);
    }

    /// <param name="change">What to do to the row that is there; its answer is what is to be there.</param>
    private async Task<ZoeyAccessOutcome> ChangeAsync(
        AuthorizedStore store, int seenVersion, Func<Changing, Task<ZoeyAccess?>> change, CancellationToken cancellationToken)
    {
        string? problem;
        try
        {
            problem = await database.WriteAsync(
                async db =>
                {
                    var row = await db.Stores.SingleAsync(row => row.Id == store.Id, cancellationToken);
                    var access = await db.ZoeyAccess.SingleOrDefaultAsync(access => access.StoreId == store.Id, cancellationToken);
                    if (ProblemOf(new Seen(row, access), seenVersion) is { } problem)
                        return problem;
                    var after = await change(new Changing(db, row, access));
                    if (access is null && after is not null)
                        db.ZoeyAccess.Add(after);
                    else if (access is not null && after is null)
                        db.ZoeyAccess.Remove(access);
                    return null;
                },
                cancellationToken);
        }
        catch (DbUpdateException exception) when (exception is DbUpdateConcurrencyException || exception.IsDuplicate())
        {
            problem = "Somebody else changed this at the same moment. Nothing was saved; look at the values below and try again.";
        }

        signals.SettingsChanged(store.Id);
        return new ZoeyAccessOutcome(await ReadAsync(store, cancellationToken), problem is null ? [] : [new("", problem)]);
    }

    private sealed record Changing(AppDbContext Db, Store Store, ZoeyAccess? Access);

    /// <summary>Null when the address names none.</summary>
    private static string? HostOf(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.Authority : null;

    /// <summary>What was read at another address: how far, and what its products are. Which orders are known stays, as none may count twice.</summary>
    private static async Task ForgetReadAsync(Changing now, CancellationToken cancellationToken)
    {
        await now.Db.OrderWatermarks.Where(row => row.StoreId == now.Store.Id).ExecuteDeleteAsync(cancellationToken);
        await now.Db.KnownProducts.Where(row => row.StoreId == now.Store.Id).ExecuteDeleteAsync(cancellationToken);
    }

    /// <param name="entered">What the person typed, where <paramref name="change"/> has the kept values, too.</param>
    private IEnumerable<ZoeyAccessError> Errors(Seen seen, ZoeyAccessChange change, ZoeyCredentials? old, ZoeyCredentials entered)
    {
        // An address from the configuration is the operator's to judge.
        foreach (var error in validator.Validate(change).Errors.Where(error => !seen.Store.FromConfiguration || error.PropertyName != nameof(change.BaseUrl)))
            yield return new ZoeyAccessError(error.PropertyName.Replace("Credentials.", "", StringComparison.Ordinal), error.ErrorMessage);
        if (seen.Store.FromConfiguration && change.BaseUrl != seen.Store.BaseUrl)
            yield return new ZoeyAccessError(nameof(change.BaseUrl), "The store's address comes from the configuration and can be changed only there.");
        // Else somebody could have the secrets that are kept here sent to a host of their own.
        var isElsewhere = change.BaseUrl != seen.Store.BaseUrl || change.Credentials.TokenUrl != old?.TokenUrl;
        if (old is null || !isElsewhere)
            yield break;
        var kept = entered.Of(change.Mode).Where(pair => pair.Key != nameof(ZoeyCredentials.TokenUrl) && string.IsNullOrWhiteSpace(pair.Value));
        foreach (var (key, _) in kept)
            yield return new ZoeyAccessError(key, "The address changes: type this in again.");
    }

    private static string? ProblemOf(Seen seen, int seenVersion) =>
        seen.Access?.FromConfiguration == true ? "The credentials come from the configuration and can be changed only there."
        : (seen.Access?.Version ?? 0) == seenVersion ? null
        : seen.Access is null ? "The credentials were removed meanwhile. Nothing was saved; the page now shows the current values."
        : $"{seen.Access.ChangedBy} changed the store's API meanwhile. Nothing was saved; the page now shows the current values.";

    private void Record(Changing now, string to, string who) => now.Db.SettingChanges.Add(new SettingChange
    {
        StoreId = now.Store.Id,
        AtUtc = time.GetUtcNow(),
        Who = who,
        Subject = Subject,
        From = now.Access is null ? "Not set up" : $"{NameOf(now.Access.AuthMode)}, {now.Store.BaseUrl}",
        To = to,
    });

    private static string NameOf(ZoeyAuthMode mode) => mode == ZoeyAuthMode.OAuth1 ? "OAuth 1.0a" : "OAuth 2";

    /// <summary>Not 0: a window that was opened before a removal must not match what was entered after it.</summary>
    private int FirstVersion() => (int)(time.GetUtcNow().ToUnixTimeSeconds() % 1_000_000_000);

    private Task<Seen> FindAsync(int storeId, CancellationToken cancellationToken) => database.ReadAsync(
        async db => new Seen(
            await db.Stores.SingleAsync(store => store.Id == storeId, cancellationToken),
            await db.ZoeyAccess.SingleOrDefaultAsync(access => access.StoreId == storeId, cancellationToken)),
        cancellationToken);

    /// <summary>Null when they can't be decrypted either: there is nothing to keep.</summary>
    private ZoeyCredentials? Old(ZoeyAccess? access)
    {
        try
        {
            return access is null ? null : ZoeyCredentials.FromJson(Decryption.Unprotect(protector, access.CredentialsProtected));
        }
        catch (ZoeyException)
        {
            return null;
        }
    }
}
