using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Core.Connection;

/// <summary>A choice of another Klaviyo account that waits for a decision.</summary>
/// <param name="Last">What the store is connected to, or was connected to last; null when that is not known.</param>
/// <param name="Waiting">Events recorded for another account than the chosen one and not sent yet; those that are being sent are among them.</param>
public sealed record AccountChoice(
    string Id,
    KlaviyoAccount Chosen,
    string ChosenBy,
    DateTimeOffset ChosenUtc,
    DateTimeOffset OpenUntilUtc,
    KlaviyoAccount? Last,
    bool IsConnected,
    int Waiting);

/// <param name="Problem">Null when it was done; else why not, in words for the person.</param>
/// <param name="IsTold">False when Klaviyo could not be told to end the tokens that nobody keeps: the app has to be removed there by hand.</param>
public sealed record AccountDecision(string? Problem, bool IsTold = true, int Discarded = 0);

/// <summary>Shows and settles a choice of another account: nothing of the old one is given up before an admin says so.</summary>
public sealed class AccountSwitch(Database database, TokenRevocation revocation, StoreSignals signals, TimeProvider time)
{
    /// <summary>How long somebody may take to decide.</summary>
    public static readonly TimeSpan OpenFor = TimeSpan.FromMinutes(30);

    /// <summary>A switch that began in time may still be under way.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromMinutes(1);

    /// <summary>How long Klaviyo is told again when it could not be told.</summary>
    private static readonly TimeSpan s_keepTelling = TimeSpan.FromDays(1);

    /// <returns>Null when there is nothing to decide, or it took too long.</returns>
    public Task<AccountChoice?> FindAsync(AuthorizedStore store, CancellationToken cancellationToken) => database.ReadAsync(
        async db => await ConnectionRows.FindPendingAsync(db, store.Id, cancellationToken) is { } pending && IsOpen(pending)
            ? await ViewAsync(db, pending, cancellationToken)
            : null,
        cancellationToken);

    /// <summary>Connects the chosen account, discards what waits for another, and asks Klaviyo to end the old account's tokens.</summary>
    /// <param name="seen">What the person was shown; something else by now is not confirmed.</param>
    /// <exception cref="AccessDeniedException">The person is not an admin of the store.</exception>
    public Task<AccountDecision> SwitchAsync(AuthorizedStore store, AccountChoice seen, CancellationToken cancellationToken) =>
        DecideAsync(store, seen, (db, pending) => SwitchAsync(db, store, pending, cancellationToken), cancellationToken);

    /// <summary>Leaves everything as it is, and asks Klaviyo to end the chosen account's tokens.</summary>
    /// <exception cref="AccessDeniedException">The person is not an admin of the store.</exception>
    public Task<AccountDecision> KeepAsync(AuthorizedStore store, AccountChoice seen, CancellationToken cancellationToken) =>
        DecideAsync(store, seen, (_, pending) => Task.FromResult((new AccountDecision(null), (StoredToken?)pending.Token)), cancellationToken);

    /// <summary>Ends the tokens of choices that nobody has decided on in time.</summary>
    public async Task ForgetExpiredAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var before = now - OpenFor - s_grace;
        var expired = await database.ReadAsync(db => db.PendingConnections.Where(row => row.ChosenUtc < before).ToListAsync(cancellationToken), cancellationToken);
        foreach (var pending in expired)
        {
            if (!await revocation.RevokeAsync(pending.Token, cancellationToken, endingChoiceId: pending.ChoiceId) && pending.ChosenUtc > now - s_keepTelling)
                continue;
            await database.WriteAsync(
                db => db.PendingConnections.Where(row => row.StoreId == pending.StoreId && row.ChoiceId == pending.ChoiceId).ExecuteDeleteAsync(cancellationToken),
                cancellationToken);
        }
    }

    /// <param name="decide">Gives the refresh token that the store keeps no more.</param>
    private async Task<AccountDecision> DecideAsync(
        AuthorizedStore store,
        AccountChoice seen,
        Func<AppDbContext, PendingConnection, Task<(AccountDecision, StoredToken? Unused)>> decide,
        CancellationToken cancellationToken)
    {
        store.RequireManage();
        var (decision, unused) = await database.WriteContestedAsync(
            async db =>
            {
                var pending = await ConnectionRows.FindPendingAsync(db, store.Id, cancellationToken);
                if (pending is null || pending.ChoiceId != seen.Id || !IsOpen(pending))
                    return (new AccountDecision(await WhyTooLateAsync(db, store, seen, pending, cancellationToken)), null);
                db.PendingConnections.Remove(pending);
                return await decide(db, pending);
            },
            cancellationToken);
        signals.SettingsChanged(store.Id);
        signals.RunsChanged(store.Id);
        return unused is null || await revocation.RevokeAsync(unused, cancellationToken) ? decision : decision with { IsTold = false };
    }

    private async Task<(AccountDecision, StoredToken? Unused)> SwitchAsync(
        AppDbContext db, AuthorizedStore store, PendingConnection pending, CancellationToken cancellationToken)
    {
        if (await ConnectionRows.IsPrefixTakenAsync(db, store.Id, pending.AccountId, cancellationToken))
            return (new AccountDecision(ConnectMessages.For(ConnectOutcome.PrefixTaken)), pending.Token);
        var connection = await ConnectionRows.FindAsync(db, store.Id, cancellationToken);
        var unused = connection?.Token;
        var discarded = await ConnectionRows.ConnectAsync(db, store, connection, pending.Grant, time.GetUtcNow(), cancellationToken);
        return (new AccountDecision(null, Discarded: discarded), unused);
    }

    private bool IsOpen(PendingConnection pending) => time.GetUtcNow() < pending.ChosenUtc + OpenFor;

    private async Task<string> WhyTooLateAsync(
        AppDbContext db, AuthorizedStore store, AccountChoice seen, PendingConnection? pending, CancellationToken cancellationToken)
    {
        if (pending is not null && pending.ChoiceId != seen.Id)
            return $"{pending.ChosenBy} chose {pending.AccountName} ({pending.AccountId}) meanwhile. Nothing was changed; the page now asks about that account.";
        var change = await db.SettingChanges
            .Where(row => row.StoreId == store.Id && row.Subject == ConnectionRows.Subject && row.AtUtc >= seen.ChosenUtc)
            .OrderByDescending(row => row.Id)
            .FirstOrDefaultAsync(cancellationToken);
        if (change is not null)
        {
            return change.From == change.To
                ? $"{change.Who} connected {change.To} again meanwhile. Nothing more was changed."
                : $"{change.Who} changed the connection from {change.From} to {change.To} meanwhile. Nothing more was changed.";
        }

        return time.GetUtcNow() >= seen.OpenUntilUtc
            ? string.Create(CultureInfo.InvariantCulture, $"It took longer than {OpenFor.TotalMinutes} minutes to decide, so nothing was changed. To switch accounts, connect again.")
            : "Somebody else decided meanwhile not to switch. Nothing was changed.";
    }

    private static async Task<AccountChoice> ViewAsync(AppDbContext db, PendingConnection pending, CancellationToken cancellationToken)
    {
        var connection = await ConnectionRows.FindAsync(db, pending.StoreId, cancellationToken);
        return new AccountChoice(
            pending.ChoiceId,
            pending.Grant.Account,
            pending.ChosenBy,
            pending.ChosenUtc,
            pending.ChosenUtc + OpenFor,
            await ConnectionRows.LastAccountAsync(db, pending.StoreId, connection, cancellationToken),
            connection is not null,
            await PayloadCommands.WaitingForOthers(db, pending.StoreId, pending.AccountId).CountAsync(cancellationToken));
    }
}
