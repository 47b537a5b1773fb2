using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores.Api;

namespace ZoeyKlaviyo.Core.Stores;

/// <summary>Writes the stores of the configuration into the database, at each start.</summary>
public sealed class StoreSetup(Database database, IConfiguration configuration, ISecretProtector protector, TimeProvider time)
{
    /// <summary>True once the configured stores are in the database; readiness depends on it.</summary>
    public bool IsReady { get; private set; }

    /// <exception cref="InvalidOperationException">The configuration can't be used; the message names every key at fault.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var stores = Read();
        var feedSecrets = stores.ConvertAll(store => store.FeedSecret is { Length: > 0 } secret ? protector.Protect(secret) : null);
        for (var isAgain = false; !IsReady; isAgain = true)
        {
            try
            {
                await database.WriteAsync(db => ApplyAsync(db, stores, feedSecrets, cancellationToken), cancellationToken);
                await new ConfiguredAccess(database, protector, time).ApplyAsync(stores, cancellationToken);
                IsReady = true;
            }
            catch (DbUpdateException exception) when (exception.IsDuplicate())
            {
                // Another instance that starts at the same moment was faster; its rows are there to be found now.
                if (isAgain)
                {
                    throw new InvalidOperationException(
                        "Another instance keeps writing stores with the same Stores:N:Key or Stores:N:PublicKey. Give all instances the same stores.", exception);
                }
            }
        }
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
        CheckPublicKeys(configured, known);
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

    /// <summary>A store that left the configuration keeps its public key, since its events and its history are still there.</summary>
    private static void CheckPublicKeys(List<StoreOptions> configured, Dictionary<string, Store> known)
    {
        var left = known.Values.ExceptBy(configured.Select(store => store.Key), store => store.Key).ToDictionary(store => store.PublicKey);
        var errors = configured.Where(store => left.ContainsKey(store.PublicKey))
            .Select(store => $"The PublicKey \"{store.PublicKey}\" of Stores:N:Key \"{store.Key}\" belongs to the store \"{left[store.PublicKey].Key}\", "
                + "which is in the database but no longer in the configuration. Choose another PublicKey.")
            .ToList();
        if (errors.Count > 0)
            throw new InvalidOperationException(string.Join('\n', errors));
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
