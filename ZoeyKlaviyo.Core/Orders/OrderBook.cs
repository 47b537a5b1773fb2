using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Addresses;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Events.Intake;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Orders;

/// <param name="State">Null when the order was decided before, or waited already and still does; nothing was changed then.</param>
internal sealed record OrderFate(StoreOrderState? State, string? Reason = null);

/// <param name="IsWhole">Nothing about it has to be asked of the store.</param>
internal readonly record struct Undecided(bool IsWhole);

/// <summary>
/// Decides orders, each once: the row of an order, its payloads and the record of why it was skipped are written in one transaction,
/// whoever brings the order, and in whichever order they come.
/// </summary>
public sealed class OrderBook(Database database, OrderRules rules, TimeProvider time)
{
    public const int MaxNumberLength = 100;
    private const int MaxEntityIdLength = 40;
    private const int MaxCartIdLength = 200;

    /// <summary>Events do not wait longer for what is only known of their products.</summary>
    private static readonly TimeSpan s_productPatience = TimeSpan.FromHours(1);

    /// <summary>An order that can't be read again for longer than it would wait is given up, too.</summary>
    private static readonly TimeSpan s_furtherPatience = TimeSpan.FromDays(3);

    private readonly IntakeSql _sql = IntakeSql.For(database.Provider);

    /// <summary>The order with ids that can be stored; null when it has no number to know it by.</summary>
    internal static ZoeyOrder? TryKnow(ZoeyOrder order) => KlaviyoText.Clean(order.Number) is { Length: <= MaxNumberLength } number
        ? order with
        {
            Number = number,
            EntityId = KlaviyoText.Clean(order.EntityId) is { Length: <= MaxEntityIdLength } entityId ? entityId : null,
            CartId = KlaviyoText.Clean(order.CartId) is { Length: <= MaxCartIdLength } cartId ? cartId : null,
        }
        : null;

    /// <summary>Those of the orders that count by all that is known without asking the store more, by number; a decided order is not among them.</summary>
    internal Task<Dictionary<string, Undecided>> WithoutDecisionAsync(int storeId, IReadOnlyList<ZoeyOrder> orders, CancellationToken cancellationToken) => database.ReadAsync(
        async db =>
        {
            if (await StoreSituation.ReadAsync(db, storeId, cancellationToken) is not { } situation)
                return new Dictionary<string, Undecided>();
            var numbers = orders.Select(order => order.Number).ToList();
            var decided = await db.StoreOrders
                .Where(row => row.StoreId == storeId && row.State != StoreOrderState.Waiting && EF.Parameter(numbers).Contains(row.Number))
                .Select(row => row.Number).ToHashSetAsync(cancellationToken);
            var now = time.GetUtcNow();
            return orders.Where(order => !decided.Contains(order.Number) && rules.Problem(situation, order, now) is null)
                .DistinctBy(order => order.Number)
                .ToDictionary(order => order.Number, order => new Undecided(IsWhole(situation, order, now)));
        },
        cancellationToken);

    /// <summary>
    /// Whether nothing about it has to be asked of the store: its lines and an address are there, and where a team member's orders don't count, it
    /// tells who placed it. A listing may leave these out; the order alone may tell them.
    /// </summary>
    private static bool IsWhole(StoreSituation situation, ZoeyOrder order, DateTimeOffset now) =>
        order.EntityId is null || (order.Lines is not null && order.Email is not null && (
            order.CreatedByTeamMember || order.CartId is not null || situation.Periods.WasOn(Switch.AdminTracking, OrderRules.TimeOf(order, now))));

    /// <summary>In the caller's transaction; throws as a duplicate when somebody else decides the same order at the same moment.</summary>
    /// <param name="run">Writes the records; without a run they are left for the next one.</param>
    /// <returns>For each order what became of it.</returns>
    internal async Task<OrderFate[]> DecideAsync(AppDbContext db, int storeId, IReadOnlyList<SeenOrder> orders, Run? run, CancellationToken cancellationToken)
    {
        var fates = new OrderFate[orders.Count];
        if (await StoreSituation.ReadAsync(db, storeId, cancellationToken) is not { } situation)
        {
            Array.Fill(fates, new OrderFate(null, OrderReasons.NotConnected));
            return fates;
        }

        var numbers = orders.Select(seen => seen.Order.Number).ToList();
        var rows = await db.StoreOrders.Where(row => row.StoreId == storeId && EF.Parameter(numbers).Contains(row.Number))
            .ToDictionaryAsync(row => row.Number, cancellationToken);
        var events = new List<IntakeEvent>();
        // In one sequence, whoever writes: two that write the same orders then never wait for each other.
        foreach (var i in Enumerable.Range(0, orders.Count).OrderBy(i => numbers[i], StringComparer.Ordinal).ThenBy(i => i))
            fates[i] = await DecideAsync(db, storeId, situation, rows, orders[i], events, run, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        if (events.Count > 0)
            await _sql.InsertAsync(Microsoft.EntityFrameworkCore.Storage.DbContextTransactionExtensions.GetDbTransaction(db.Database.CurrentTransaction!), events);
        return fates;
    }

    /// <summary>An order of which nothing more will be heard.</summary>
    internal void GiveUp(AppDbContext db, StoreOrder row, string reason, Run run) => Skip(db, row, reason, null, run);

    /// <param name="isUnheard">The store could not be asked, or did not give it.</param>
    internal bool IsOutOfPatience(StoreOrder row, bool isUnheard = false) =>
        time.GetUtcNow() - Earlier(row.CreatedUtc, row.FirstSeenUtc) > OrderRules.PaymentPatience + (isUnheard ? s_furtherPatience : TimeSpan.Zero);

    private async Task<OrderFate> DecideAsync(
        AppDbContext db, int storeId, StoreSituation situation, Dictionary<string, StoreOrder> rows, SeenOrder seen, List<IntakeEvent> events, Run? run,
        CancellationToken cancellationToken)
    {
        var (order, now) = (seen.Order, time.GetUtcNow());
        var row = rows.GetValueOrDefault(order.Number);
        if (row is { State: not StoreOrderState.Waiting })
            return new OrderFate(null, OrderReasons.Duplicate);
        var isKnown = row is not null;
        row ??= rows[order.Number] = Add(db, storeId, order, now);
        row.EntityId ??= order.EntityId;
        var email = EmailAddress.Normalize(order.Email ?? "");
        var reason = rules.Problem(situation, order, now)
            ?? await ProblemOfPersonAsync(db, storeId, situation, order, email, now, cancellationToken);
        // What was pushed without an address has none; a listing may only have left it out.
        if ((reason is null || (reason == OrderReasons.NoAddress && run is not null)) && !seen.IsComplete && now - (row.IncompleteSinceUtc ?? now) <= PatienceWith(order))
            reason = OrderReasons.Products;
        if (reason is null)
        {
            (row.State, row.Reason, row.Body, row.IsReported, row.IncompleteSinceUtc) = (StoreOrderState.Queued, null, null, true, null);
            events.AddRange(OrderEvents.Of(storeId, situation, email!, seen, OrderRules.MetricsOn(situation, OrderRules.TimeOf(order, now)), now));
            return new OrderFate(row.State);
        }

        if (reason == OrderReasons.Products || (reason == OrderReasons.NotPlaced && !IsOutOfPatience(row)))
        {
            (row.State, row.Reason, row.IsReported) = (StoreOrderState.Waiting, reason, true);
            row.IncompleteSinceUtc = reason == OrderReasons.Products ? row.IncompleteSinceUtc ?? now : null;
            // What waits for its status is read again; what waits for its products, or can't be read again, is decided by this.
            row.Body = reason == OrderReasons.Products || run is null ? JsonSerializer.Serialize(order) : row.Body;
            return new OrderFate(isKnown ? null : row.State, reason);
        }

        // Of what came before the connection there may be thousands, and nobody expects them.
        var isSilent = reason == OrderReasons.BeforeConnection && !isKnown && run is not null;
        Skip(db, row, reason, order, isSilent ? null : run, isSilent);
        return new OrderFate(row.State, reason);
    }

    /// <summary>Without its lines or an address, an order waits as long as for its payment.</summary>
    private static TimeSpan PatienceWith(ZoeyOrder order) => order.Lines is null || order.Email is null ? OrderRules.PaymentPatience : s_productPatience;

    private static async Task<string?> ProblemOfPersonAsync(
        AppDbContext db, int storeId, StoreSituation situation, ZoeyOrder order, string? email, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var at = OrderRules.TimeOf(order, now);
        if (!situation.Periods.WasOn(Switch.AdminTracking, at)
            && (order.CreatedByTeamMember || await TeamCarts.HasPlacedAsync(db, storeId, order.CartId, email, at, cancellationToken)))
            return OrderReasons.ActingAdmin;
        return email is null ? OrderReasons.NoAddress : null;
    }

    private void Skip(AppDbContext db, StoreOrder row, string reason, ZoeyOrder? order, Run? run, bool isSilent = false)
    {
        (row.State, row.Reason, row.IsReported) = (StoreOrderState.Skipped, reason, run is not null || isSilent);
        // The record needs the address, which is not kept longer.
        row.Body = row.IsReported || order is null ? null : JsonSerializer.Serialize(order);
        if (run is not null)
            OrderRecords.AddSkipped(db, run, row, order, time.GetUtcNow());
    }

    private static StoreOrder Add(AppDbContext db, int storeId, ZoeyOrder order, DateTimeOffset now)
    {
        var row = new StoreOrder { StoreId = storeId, Number = order.Number, CreatedUtc = order.CreatedUtc, FirstSeenUtc = now };
        db.StoreOrders.Add(row);
        return row;
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
