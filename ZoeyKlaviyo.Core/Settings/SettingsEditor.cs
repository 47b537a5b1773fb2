using FluentValidation;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Core.Settings;

/// <summary>A switch as the settings page shows it.</summary>
public sealed record SwitchView(SwitchDefinition Definition, bool IsOn, int Version, DateTimeOffset ChangedUtc, string ChangedBy);

/// <param name="SeenVersion">The version on the screen when the person clicked.</param>
public sealed record SwitchChange(Switch Switch, bool IsOn, int SeenVersion);

public sealed class SwitchChangeValidator : AbstractValidator<SwitchChange>
{
    public SwitchChangeValidator()
    {
        RuleFor(change => change.Switch).IsInEnum().WithMessage("There is no such setting.");
        RuleFor(change => change.SeenVersion).GreaterThan(0).WithMessage("The page is out of date. Reload it.");
    }
}

/// <param name="Current">Every switch as it is in the database now, whether the save took effect or not.</param>
/// <param name="Problem">Null when it was saved; else why not, in words for the person.</param>
public sealed record SettingsOutcome(IReadOnlyList<SwitchView> Current, string? Problem);

/// <summary>Reads and changes a store's switches; each change is recorded, and none overwrites one that its author has not seen.</summary>
public sealed class SettingsEditor(Database database, IValidator<SwitchChange> validator, StoreSignals signals, TimeProvider time)
{
    public Task<IReadOnlyList<SwitchView>> ReadAsync(AuthorizedStore store, CancellationToken cancellationToken) =>
        database.ReadAsync(db => ViewsAsync(db, store.Id, cancellationToken), cancellationToken);

    /// <exception cref="AccessDeniedException">The person is not an admin of the store.</exception>
    public Task<SettingsOutcome> SetAsync(AuthorizedStore store, SwitchChange change, CancellationToken cancellationToken) =>
        SaveAsync(store, [change], cancellationToken);

    /// <summary>Sets every switch to Yes, or none when another person changed one meanwhile.</summary>
    /// <exception cref="AccessDeniedException">The person is not an admin of the store.</exception>
    public Task<SettingsOutcome> SetEverythingToYesAsync(
        AuthorizedStore store, IReadOnlyList<SwitchView> seen, CancellationToken cancellationToken) =>
        SaveAsync(store, seen.Select(view => new SwitchChange(view.Definition.Switch, true, view.Version)).ToList(), cancellationToken);

    private async Task<SettingsOutcome> SaveAsync(AuthorizedStore store, List<SwitchChange> changes, CancellationToken cancellationToken)
    {
        store.RequireManage();
        var error = changes.SelectMany(change => validator.Validate(change).Errors).FirstOrDefault();
        if (error is not null)
            return new SettingsOutcome(await ReadAsync(store, cancellationToken), error.ErrorMessage);
        string? problem;
        try
        {
            problem = await database.WriteAsync(db => ApplyAsync(db, store, changes, cancellationToken), cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            problem = "Somebody else changed this at the same moment. Nothing was saved; look at the values below and try again.";
        }

        signals.SettingsChanged(store.Id);
        return new SettingsOutcome(await ReadAsync(store, cancellationToken), problem);
    }

    private async Task<string?> ApplyAsync(
        AppDbContext db, AuthorizedStore store, List<SwitchChange> changes, CancellationToken cancellationToken)
    {
        var states = await db.SwitchStates.Where(state => state.StoreId == store.Id).ToDictionaryAsync(state => state.Switch, cancellationToken);
        foreach (var change in changes)
        {
            var state = states[change.Switch];
            if (state.Version != change.SeenVersion)
                return $"{state.ChangedBy} set {SwitchCatalog.Of(change.Switch).Name} to {YesNo(state.IsOn)} meanwhile. Nothing was saved; the page now shows the current values.";
        }

        var now = time.GetUtcNow();
        foreach (var change in changes.Where(change => states[change.Switch].IsOn != change.IsOn))
            await ApplyAsync(db, store, states[change.Switch], change.IsOn, now, cancellationToken);
        return null;
    }

    private static async Task ApplyAsync(
        AppDbContext db, AuthorizedStore store, SwitchState state, bool isOn, DateTimeOffset now, CancellationToken cancellationToken)
    {
        db.SettingChanges.Add(new SettingChange
        {
            StoreId = store.Id,
            AtUtc = now,
            Who = store.Person.Name,
            Subject = SwitchCatalog.Of(state.Switch).Name,
            From = YesNo(state.IsOn),
            To = YesNo(isOn),
        });
        state.IsOn = isOn;
        state.Version++;
        state.ChangedUtc = now;
        state.ChangedBy = store.Person.Name;
        if (isOn)
            ActivePeriods.Open(db, store.Id, state.Switch.ToString(), now);
        else
            await ActivePeriods.CloseAsync(db, store.Id, state.Switch.ToString(), now, cancellationToken);
    }

    private static async Task<IReadOnlyList<SwitchView>> ViewsAsync(AppDbContext db, int storeId, CancellationToken cancellationToken)
    {
        var states = await db.SwitchStates.AsNoTracking().Where(state => state.StoreId == storeId)
            .ToDictionaryAsync(state => state.Switch, cancellationToken);
        return SwitchCatalog.All
            .Select(definition => (definition, state: states[definition.Switch]))
            .Select(pair => new SwitchView(pair.definition, pair.state.IsOn, pair.state.Version, pair.state.ChangedUtc, pair.state.ChangedBy))
            .ToList();
    }

    private static string YesNo(bool isOn) => isOn ? "Yes" : "No";
}
