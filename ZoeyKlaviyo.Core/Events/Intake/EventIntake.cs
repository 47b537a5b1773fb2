using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ZoeyKlaviyo.Core.Events.Intake;

/// <summary>The answer to a request; the three add up to the events sent.</summary>
public sealed record CollectAnswer(
    int Accepted, IReadOnlyList<(int Index, string Reason)> Ignored, IReadOnlyList<(int Index, FieldErrors Errors)> Rejected)
{
    public ReadOnlyMemory<byte> ToJson()
    {
        // Nearly every answer.
        if (Ignored.Count == 0 && Rejected.Count == 0)
            return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"accepted":{{Accepted}},"ignored":[],"rejected":[]}"""));
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            Write(json);
        return buffer.WrittenMemory;
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("accepted", Accepted);
        json.WriteStartArray("ignored");
        foreach (var (index, reason) in Ignored)
        {
            json.WriteStartObject();
            json.WriteNumber("index", index);
            json.WriteString("reason", reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("rejected");
        foreach (var (index, errors) in Rejected)
            Write(json, index, errors);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, int index, FieldErrors errors)
    {
        json.WriteStartObject();
        json.WriteNumber("index", index);
        json.WriteStartObject("errors");
        foreach (var (field, texts) in errors.ByField)
        {
            json.WriteStartArray(field);
            foreach (var text in texts)
                json.WriteStringValue(text);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}

/// <summary>Too much is waiting to be written: the shop should send again a little later.</summary>
public sealed class IntakeBusyException() : Exception("Too many events are waiting to be stored.");

/// <summary>Takes events from browsers.</summary>
public sealed class EventIntake(IntakeStores stores, IntakeWriter writer, IntakeMetrics metrics, LiveCheck liveCheck, TimeProvider time)
{
    /// <returns>Once every accepted event is on disk.</returns>
    /// <exception cref="CollectException">The request as a whole can't be used.</exception>
    /// <exception cref="IntakeBusyException">Nothing was stored.</exception>
    /// <exception cref="System.Data.Common.DbException">The database failed; nothing was stored.</exception>
    public async Task<CollectAnswer> CollectAsync(IntakeStore store, ReadOnlyMemory<byte> body)
    {
        var received = time.GetUtcNow();
        var timestamp = time.GetTimestamp();
        var request = CollectRequest.Parse(body, received);
        var decisions = Decide(store, request, received);
        if (Array.Exists(decisions, CollectRules.IsOfSettings))
        {
            // Another instance may have connected the store or said Yes since the store was read.
            store = await stores.FindSinceAsync(store, timestamp, CancellationToken.None);
            decisions = Decide(store, request, received);
        }

        var ignored = new List<(int, string)>();
        var rejected = new List<(int, FieldErrors)>();
        var write = new List<(int Index, IntakeEvent Item)>(request.Events.Count);
        for (var i = 0; i < request.Events.Count; i++)
        {
            if (request.Events[i] is not { Event: { } collected, Errors: null })
            {
                rejected.Add((i, request.Events[i].Errors!));
                continue;
            }

            var reason = decisions[i];
            if (reason is not null)
                ignored.Add((i, reason));
            if (reason is null || CollectRules.IsSignOfLife(request.Visitor, reason))
                write.Add((i, new IntakeEvent(store.Id, store.AccountId!, request.Visitor.Email!, collected, received, IsSent: reason is null)));
        }

        var reasons = await WriteAsync(write.ConvertAll(entry => entry.Item), AdminCarts(store, request));
        for (var i = 0; i < reasons.Count; i++)
        {
            if (reasons[i] is { } reason)
                ignored.Add((write[i].Index, reason));
        }

        ignored.Sort();
        var answer = new CollectAnswer(request.Events.Count - ignored.Count - rejected.Count, ignored, rejected);
        metrics.Count(answer);
        Note(store, request, answer, received);
        return answer;
    }

    private void Note(IntakeStore store, CollectRequest request, CollectAnswer answer, DateTimeOffset received)
    {
        // That a visit goes on is nothing new.
        foreach (var (index, reason) in answer.Ignored.Where(ignored => ignored.Reason != IgnoredReasons.SameVisit))
            liveCheck.Note(store.Id, new Arrival(received, request.Events[index].Event!.Metric, request.Visitor.Email, Ignored: reason));
        foreach (var (_, errors) in answer.Rejected)
            liveCheck.Note(store.Id, new Arrival(received, null, request.Visitor.Email, Rejected: errors.ToString()));
    }

    /// <returns>For each event why it is ignored; null when it counts, or is rejected anyway.</returns>
    private static string?[] Decide(IntakeStore store, CollectRequest request, DateTimeOffset received)
    {
        var decisions = new string?[request.Events.Count];
        for (var i = 0; i < decisions.Length; i++)
            decisions[i] = request.Events[i].Event is { } collected ? CollectRules.Ignore(store, request.Visitor, collected, received) : null;
        return decisions;
    }

    /// <summary>
    /// What a team member does in a customer's name is noted for the order it leads to, also when the event itself does not count;
    /// once a cart. Without an address it could be anybody's cart.
    /// </summary>
    internal static IReadOnlyList<IntakeCart> AdminCarts(IntakeStore store, CollectRequest request) =>
        request.Visitor is not { ActingAdmin: true, Email: { } email } || store.AccountId is null
            ? []
            : request.Events.Select(entry => entry.Errors is null ? entry.Event : null).Where(collected => !string.IsNullOrWhiteSpace(collected?.CheckoutId))
                .GroupBy(collected => collected!.CheckoutId!, collected => collected!.OccurredUtc)
                .Select(cart => new IntakeCart(store.Id, cart.Key, email, cart.Max())).ToList();

    private async ValueTask<ArraySegment<string?>> WriteAsync(List<IntakeEvent> events, IReadOnlyList<IntakeCart> carts)
    {
        if (events.Count == 0 && carts.Count == 0)
            return [];
        return writer.TryWrite(events, carts, out var result) ? await result : throw new IntakeBusyException();
    }
}
