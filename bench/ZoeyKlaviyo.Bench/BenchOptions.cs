using System.Globalization;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Bench;

/// <summary>The command line: a part or a role first, then <c>--name value</c> pairs.</summary>
internal sealed class BenchOptions
{
    private readonly Dictionary<string, string> _values = [];

    /// <exception cref="FormatException">An argument is not part of a pair.</exception>
    public BenchOptions(string[] args)
    {
        for (var i = 0; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Length)
                throw new FormatException($"\"{args[i]}\" is not understood; options are pairs such as --events 5000.");
            _values[args[i][2..]] = args[i + 1];
        }
    }

    /// <summary>Payloads in the outbox.</summary>
    public int Events => Number("events", 100_000);

    /// <summary>Payloads of the run with limits on.</summary>
    public int LimitedEvents => Number("limited-events", Events);

    /// <summary>How long one side is measured before it is the other's turn.</summary>
    public TimeSpan Slice => TimeSpan.FromSeconds(Number("seconds", 6));

    /// <summary>How often each side is measured.</summary>
    public int Rounds(int usual) => Number("rounds", usual);

    /// <summary>Of the store, all of them new to Klaviyo.</summary>
    public int Subscribers => Number("subscribers", 1_000_000);

    /// <summary>Rows of the store's product list, variants among them; rounded down to a multiple of fifty.</summary>
    public int Products => Number("products", 100_000) / 50 * 50;

    public int Connections => Number("connections", 64);

    public string? Postgres => _values.GetValueOrDefault("postgres");

    /// <summary>SQLite always, PostgreSQL where there is a server, unless <c>--provider</c> names one of them.</summary>
    public IEnumerable<DatabaseProvider> Providers => _values.TryGetValue("provider", out var name)
        ? [Enum.Parse<DatabaseProvider>(name, ignoreCase: true)]
        : Postgres is null ? [DatabaseProvider.Sqlite] : [DatabaseProvider.Sqlite, DatabaseProvider.Postgres];

    public string this[string name] => _values.TryGetValue(name, out var value) ? value : throw new FormatException($"--{name} is missing.");

    public string Text(string name, string fallback) => _values.GetValueOrDefault(name, fallback);

    private int Number(string name, int fallback) =>
        _values.TryGetValue(name, out var text) ? int.Parse(text, NumberStyles.Integer, CultureInfo.InvariantCulture) : fallback;
}
