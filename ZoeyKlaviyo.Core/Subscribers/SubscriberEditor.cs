using FluentValidation;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Core.Subscribers;

/// <param name="Lists">Null when they could not be read.</param>
/// <param name="Problem">Why not, in words for the person.</param>
public sealed record ListsRead(IReadOnlyList<KlaviyoList>? Lists, string? Problem);

/// <param name="List">Null when there is none.</param>
/// <param name="Problem">Null when it was done; else why not, in words for the person.</param>
/// <param name="AlreadyThere">A list of the name was there, and is this one.</param>
public sealed record ListCreated(KlaviyoList? List, string? Problem, bool AlreadyThere = false);

public sealed record NewList(string Name, bool IsDoubleOptIn);

public sealed class NewListValidator : AbstractValidator<NewList>
{
    public NewListValidator() => RuleFor(list => list.Name).Must(name => !string.IsNullOrWhiteSpace(name)).WithMessage("Give the list a name.")
        .MaximumLength(200).WithMessage("A list's name has at most 200 characters.");
}

/// <summary>What an admin chooses for a store's subscribers: the list they are put on, and that the old ones were brought in.</summary>
public sealed class SubscriberEditor(
    Database database, KlaviyoCalls calls, KlaviyoListClient lists, IValidator<NewList> validator, StoreSignals signals, TimeProvider time)
{
    private const int MaxPages = 200;

    /// <summary>All lists of the connected account, with their opt-in.</summary>
    public async Task<ListsRead> ListsAsync(AuthorizedStore store, CancellationToken cancellationToken)
    {
        if (await AccountAsync(store, cancellationToken) is not { } accountId)
            return new ListsRead(null, "The store is not connected to Klaviyo.");
        var (found, answer) = await ReadAllAsync(store.Id, accountId, lists.ListAsync, cancellationToken);
        return found is null ? new ListsRead(null, $"Klaviyo's lists could not be read: {answer.Detail}") : new ListsRead(found, null);
    }

    /// <summary>Has subscribers put on a list from now on, or on none.</summary>
    /// <param name="list">Null: no list; the account's default opt-in decides.</param>
    /// <returns>Null when it was saved; else why not, in words for the person.</returns>
    /// <exception cref="AccessDeniedException">The person is not an admin of the store.</exception>
    public Task<string?> ChooseListAsync(AuthorizedStore store, KlaviyoList? list, CancellationToken cancellationToken) => ChangeAsync(
        store,
        (db, settings) =>
        {
            Note(db, store, "List", settings.ListId is null ? "No list" : settings.ListName ?? settings.ListId, list?.Name ?? "No list");
            (settings.ListId, settings.ListName, settings.IsDoubleOptIn, settings.ListGoneUtc) = (list?.Id, Cut(list?.Name), list?.IsDoubleOptIn, null);
        },
        cancellationToken);

    /// <summary>Creates a list, unless the account has one of the name already: a lost answer never makes a second.</summary>
    /// <exception cref="AccessDeniedException">The person is not an admin of the store.</exception>
    public async Task<ListCreated> CreateListAsync(AuthorizedStore store, NewList list, CancellationToken cancellationToken)
    {
        store.RequireManage();
        if (validator.Validate(list).Errors.FirstOrDefault() is { } error)
            return new ListCreated(null, error.ErrorMessage);
        if (await AccountAsync(store, cancellationToken) is not { } accountId)
            return new ListCreated(null, "The store is not connected to Klaviyo.");
        var name = list.Name.Trim();
        var (before, answer) = await FindAsync(store.Id, accountId, name, cancellationToken);
        if (before is null)
            return new ListCreated(null, $"Klaviyo's lists could not be read: {answer.Detail}");
        if (before.Count > 0)
            return new ListCreated(before[0], null, AlreadyThere: true);
        KlaviyoList? created = null;
        var creation = await calls.SendAsync(
            store.Id, accountId,
            async (credential, token) =>
            {
                (var answer, created) = await lists.CreateAsync(credential, name, list.IsDoubleOptIn, token);
                return answer;
            },
            cancellationToken);
        if (created is not null)
            return new ListCreated(created, null);
        // The answer was lost, or can't be read: Klaviyo may have it all the same.
        if (creation.Verdict is Verdict.Accepted or Verdict.NoVerdict && await FindAsync(store.Id, accountId, name, cancellationToken) is ({ Count: > 0 } after, _))
            return new ListCreated(after[0], null);
        return new ListCreated(null, $"The list was not created: {creation.Detail}");
    }

    /// <summary>Somebody says that the subscribers Klaviyo had before are in the store now, or takes it back.</summary>
    /// <returns>Null when it was saved; else why not, in words for the person.</returns>
    /// <exception cref="AccessDeniedException">The person is not an admin of the store.</exception>
    public Task<string?> SetBroughtInAsync(AuthorizedStore store, bool isDone, CancellationToken cancellationToken) => ChangeAsync(
        store,
        (db, settings) =>
        {
            Note(db, store, "Existing Klaviyo subscribers are in Zoey", settings.BroughtInUtc is null ? "Open" : "Done", isDone ? "Done" : "Open");
            settings.BroughtInUtc = isDone ? time.GetUtcNow() : null;
            settings.BroughtInBy = isDone ? store.Person.Name : null;
        },
        cancellationToken);

    private async Task<string?> ChangeAsync(AuthorizedStore store, Action<AppDbContext, SubscriberSettings> change, CancellationToken cancellationToken)
    {
        store.RequireManage();
        var problem = await database.WriteContestedAsync(
            async db =>
            {
                var accountId = await db.KlaviyoConnections.Where(row => row.StoreId == store.Id).Select(row => (string?)row.AccountId).SingleOrDefaultAsync(cancellationToken);
                if (accountId is null)
                    return "The store is not connected to Klaviyo. Nothing was saved.";
                var settings = await db.SubscriberSettings.AsTracking().SingleOrDefaultAsync(row => row.StoreId == store.Id && row.AccountId == accountId, cancellationToken);
                if (settings is null)
                    db.SubscriberSettings.Add(settings = new SubscriberSettings { StoreId = store.Id, AccountId = accountId });
                change(db, settings);
                settings.Version++;
                return (string?)null;
            },
            cancellationToken);
        signals.SettingsChanged(store.Id);
        return problem;
    }

    private void Note(AppDbContext db, AuthorizedStore store, string subject, string from, string to) => db.SettingChanges.Add(new SettingChange
    {
        StoreId = store.Id,
        AtUtc = time.GetUtcNow(),
        Who = store.Person.Name,
        Subject = subject,
        From = from,
        To = to,
    });

    /// <summary>How Klaviyo's filters take a quote in a text is not documented, so that such a name is looked for among all.</summary>
    private async Task<(List<KlaviyoList>? Lists, KlaviyoAnswer Answer)> FindAsync(int storeId, string accountId, string name, CancellationToken cancellationToken)
    {
        var isPlain = name.IndexOfAny(['"', '\'', '\\']) < 0;
        var (found, answer) = await ReadAllAsync(
            storeId, accountId, (credential, token) => isPlain ? lists.FindByNameAsync(credential, name, token) : lists.ListAsync(credential, token), cancellationToken);
        return (found?.FindAll(list => list.Name == name), answer);
    }

    private async Task<(List<KlaviyoList>? Lists, KlaviyoAnswer Answer)> ReadAllAsync(
        int storeId, string accountId, Func<KlaviyoCredential, CancellationToken, Task<ListPage>> first, CancellationToken cancellationToken)
    {
        var all = new List<KlaviyoList>();
        string? next = null;
        for (var count = 1; ; count++)
        {
            ListPage? page = null;
            var answer = await calls.SendAsync(
                storeId, accountId,
                async (credential, token) => (page = next is null ? await first(credential, token) : await lists.NextAsync(credential, next, token)).Answer,
                cancellationToken);
            if (answer.Verdict != Verdict.Accepted || page?.Lists is null)
                return (null, answer);
            all.AddRange(page.Lists);
            next = page.Next;
            if (next is null || count == MaxPages)
                return (all, answer);
        }
    }

    private Task<string?> AccountAsync(AuthorizedStore store, CancellationToken cancellationToken) => database.ReadAsync(
        db => db.KlaviyoConnections.Where(row => row.StoreId == store.Id).Select(row => (string?)row.AccountId).SingleOrDefaultAsync(cancellationToken), cancellationToken);

    private static string? Cut(string? name) => name is { Length: > 200 } ? name[..200] : name;
}
