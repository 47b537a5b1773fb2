using ZoeyKlaviyo.Sandbox.Klaviyo.Accounts;
using ZoeyKlaviyo.Sandbox.Storage;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Lists;

/// <summary>The accounts' lists. The first account has more than one page of them, as grown accounts do.</summary>
public sealed class ListBook : IDisposable
{
    public const string SingleOptIn = "single_opt_in";
    public const string DoubleOptIn = "double_opt_in";

    private static readonly DateTimeOffset s_seeded = new(2025, 3, 3, 9, 0, 0, TimeSpan.Zero);

    private static readonly string[] s_names =
    [
        "Newsletter", "Trade customers", "Workshop sign-ups", "Catalog requests", "Spring fair", "Back in stock",
        "Dealers North", "Dealers South", "Apprentices", "Warranty registrations", "Preview list", "SMS test",
    ];

    private readonly Lock _lock = new();
    private readonly List<KlaviyoList> _lists = [];
    private readonly Journal<KlaviyoList> _journal;
    private int _created;

    public ListBook(SandboxOptions options)
    {
        Seed();
        _journal = new(options.DataDirectory, "lists.jsonl");
        foreach (var list in _journal.Load())
        {
            if (list.IsDeleted)
                _lists.RemoveAll(one => one.Id == list.Id);
            else
                _lists.Add(list);
            _created++;
        }
    }

    public IReadOnlyList<KlaviyoList> All
    {
        get
        {
            lock (_lock)
                return [.. _lists];
        }
    }

    public IReadOnlyList<KlaviyoList> Of(string account)
    {
        lock (_lock)
            return [.. _lists.Where(list => list.Account == account)];
    }

    /// <summary>Names are not unique in Klaviyo: the same name twice gives two lists.</summary>
    public KlaviyoList Create(string account, string name, string? optInProcess, DateTimeOffset at)
    {
        lock (_lock)
        {
            var id = StableIds.Short(account, name, $"created {++_created}");
            var list = new KlaviyoList(account, id, name, optInProcess ?? DoubleOptIn, at);
            _journal.Append(list);
            _lists.Add(list);
            return list;
        }
    }

    /// <summary>False: there is no such list.</summary>
    public bool Delete(string id)
    {
        lock (_lock)
        {
            if (_lists.Find(list => list.Id == id) is not { } list)
                return false;
            _journal.Append(list with { IsDeleted = true });
            _lists.Remove(list);
            _created++;
            return true;
        }
    }

    public void Reset()
    {
        lock (_lock)
        {
            _journal.Clear();
            _lists.Clear();
            Seed();
        }
    }

    public void Dispose() => _journal.Dispose();

    private void Seed()
    {
        for (var i = 0; i < s_names.Length; i++)
            Add(DemoAccounts.AcmeTools, s_names[i], i == 0 ? DoubleOptIn : SingleOptIn, i);
        Add(DemoAccounts.AcmeToolsEurope, "Newsletter", DoubleOptIn, 0);
        Add(DemoAccounts.AcmeToolsEurope, "Fachhandel", SingleOptIn, 1);
    }

    private void Add(KlaviyoAccount account, string name, string optIn, int day) =>
        _lists.Add(new(account.Id, StableIds.Short(account.Id, name), name, optIn, s_seeded.AddDays(day)));
}
