using System.Globalization;
using ZoeyKlaviyo.Sandbox.Storage;

namespace ZoeyKlaviyo.Sandbox.Shop;

/// <summary>Who takes the shop's newsletter, and who no longer does. An address has one row, whatever its letters' case.</summary>
public sealed class SubscriberBook : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ShopSubscriber> _subscribers = new(StringComparer.OrdinalIgnoreCase);
    private readonly Journal<ShopSubscriber> _journal;
    private readonly TimeProvider _time;
    private long _lastId;

    public SubscriberBook(SandboxOptions options)
    {
        _time = options.TimeProvider;
        _journal = new(options.DataDirectory, "subscribers.jsonl");
        foreach (var subscriber in _journal.Load())
            Remember(subscriber);
    }

    /// <summary>In the order of their ids.</summary>
    public IReadOnlyList<ShopSubscriber> Subscribers
    {
        get
        {
            lock (_lock)
                return [.. _subscribers.Values.OrderBy(Number)];
        }
    }

    public ShopSubscriber? Find(string email)
    {
        lock (_lock)
            return _subscribers.GetValueOrDefault(email);
    }

    public bool IsSubscribed(string email) => Find(email)?.Status == ShopSubscriber.Subscribed;

    /// <summary>False when the address is subscribed already.</summary>
    public bool Subscribe(string email, string? customerId)
    {
        lock (_lock)
        {
            if (IsSubscribed(email))
                return false;
            Keep(_subscribers.TryGetValue(email, out var former)
                ? former with { Status = ShopSubscriber.Subscribed, CustomerId = customerId ?? former.CustomerId, ChangeStatusAt = _time.GetUtcNow() }
                : new("", email, ShopSubscriber.Subscribed, "1", customerId, null));
            return true;
        }
    }

    /// <summary>False when the address is not subscribed.</summary>
    public bool Unsubscribe(string email)
    {
        lock (_lock)
        {
            if (!IsSubscribed(email))
                return false;
            Keep(_subscribers[email] with { Status = ShopSubscriber.Unsubscribed, ChangeStatusAt = _time.GetUtcNow() });
            return true;
        }
    }

    /// <summary>The rows as they are to be; one without an id keeps its own or gets the next.</summary>
    public void Set(params IReadOnlyList<ShopSubscriber> subscribers)
    {
        lock (_lock)
        {
            foreach (var subscriber in subscribers)
                Keep(subscriber);
        }
    }

    /// <summary>The store loses the row: nobody unsubscribed. False: there is none.</summary>
    public bool Remove(string email)
    {
        lock (_lock)
        {
            if (!_subscribers.TryGetValue(email, out var subscriber))
                return false;
            Keep(subscriber with { IsRemoved = true });
            return true;
        }
    }

    public void Reset()
    {
        lock (_lock)
        {
            _journal.Clear();
            _subscribers.Clear();
            _lastId = 0;
        }
    }

    public void Dispose() => _journal.Dispose();

    private void Keep(ShopSubscriber subscriber)
    {
        if (subscriber.SubscriberId.Length == 0)
            subscriber = subscriber with { SubscriberId = _subscribers.GetValueOrDefault(subscriber.Email)?.SubscriberId ?? (_lastId + 1).ToString(CultureInfo.InvariantCulture) };
        _journal.Append(subscriber);
        Remember(subscriber);
    }

    private void Remember(ShopSubscriber subscriber)
    {
        _lastId = Math.Max(_lastId, Number(subscriber));
        if (subscriber.IsRemoved)
            _subscribers.Remove(subscriber.Email);
        else
            _subscribers[subscriber.Email] = subscriber;
    }

    private static long Number(ShopSubscriber subscriber) => long.Parse(subscriber.SubscriberId, CultureInfo.InvariantCulture);
}
