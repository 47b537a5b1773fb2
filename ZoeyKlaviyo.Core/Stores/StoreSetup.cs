using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Stores;

/// <summary>Writes the stores of the configuration into the database, at each start.</summary>
public sealed class StoreSetup(Database database, IConfiguration configuration, ISecretProtector protector, TimeProvider time)
{
    /// <summary>True once the configured stores are in the database; readiness depends on it.</summary>
    public bool IsReady { get; private set; }

    /// <exception cref="InvalidOperationException">The configuration is wrong; the message names every key at fault.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var stores = Read();
        var feedSecrets = stores.ConvertAll(store => store.FeedSecret is { Length: > 0 } secret ? protector.Protect(secret) : null);
        await database.WriteAsync(db => ApplyAsync(db, stores, feedSecrets, cancellationToken), cancellationToken);
        IsReady = true;
    }

    private List<StoreOptions> Read()
    {
        var sections = configuration.GetSection("Stores").GetChildren().ToList();
        var stores = sections.ConvertAll(section => section.Get<StoreOptions>() ?? new StoreOptions());
        var validator = new StoreOptionsValidator();
        var errors = sections
            .Zip(stores)
            .SelectMany(pair => validator.Validate(pair.Second).Errors.Select(error => $"{pair.First.Path}:{error.PropertyName} {error.ErrorMessage}"))
            .Concat(Repeated(sections, stores, nameof(StoreOptions.Key), store => store.Key))
            .Concat(Repeated(sections, stores, nameof(StoreOptions.PublicKey), store => store.PublicKey))
            .ToList();
        return errors.Count == 0
            ? stores
            : throw new InvalidOperationException("The stores in the configuration can't be used:\n" + string.Join('\n', errors));
    }

    private static IEnumerable<string> Repeated(
        List<IConfigurationSection> sections, List<StoreOptions> stores, string property, Func<StoreOptions, string> value) =>
        stores.Select((store, index) => (Value: value(store), index))
            .GroupBy(entry => entry.Value)
            .SelectMany(group => group.Skip(1))
            .Where(entry => entry.Value.Length > 0)
            .Select(entry => $"{sections[entry.index].Path}:{property} \"{entry.Value}\" is used by another store");

    private async Task ApplyAsync(
        AppDbContext db, List<StoreOptions> configured, List<string?> feedSecrets, CancellationToken cancellationToken)
    {
        var known = await db.Stores.ToDictionaryAsync(store => store.Key, cancellationToken);
        foreach (var store in known.Values)
            store.FromConfiguration = false;
        foreach (var (options, feedSecret) in configured.Zip(feedSecrets))
        {
            if (!known.TryGetValue(options.Key, out var store))
            {
                store = Create(options.Key);
                db.Stores.Add(store);
                known.Add(options.Key, store);
            }

            Apply(options, store);
            store.FeedSecretProtected = feedSecret;
        }

        await db.SaveChangesAsync(cancellationToken);
        foreach (var store in known.Values)
            await SwitchDefaults.EnsureAsync(db, store.Id, time.GetUtcNow(), cancellationToken);
    }

    private static Store Create(string key) => new()
    {
        Key = key,
        Name = key,
        BaseUrl = "",
        StorefrontUrl = "",
        AllowedOrigins = "",
        PublicKey = "",
    };

    private static void Apply(StoreOptions options, Store store)
    {
        store.Name = options.Name ?? options.Key;
        store.BaseUrl = options.BaseUrl.TrimEnd('/');
        store.StorefrontUrl = (options.StorefrontUrl ?? options.BaseUrl).TrimEnd('/');
        var origins = options.AllowedOrigins.Count > 0 ? options.AllowedOrigins : [store.StorefrontUrl];
        store.AllowedOrigins = string.Join('\n', origins.Select(origin => new Uri(origin).GetLeftPart(UriPartial.Authority)));
        store.PublicKey = options.PublicKey;
        store.IdPrefix = options.IdPrefix;
        store.FromConfiguration = true;
    }
}
