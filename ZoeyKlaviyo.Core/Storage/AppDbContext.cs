using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Orders;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Stores;
using ZoeyKlaviyo.Core.Subscribers;
using ZoeyKlaviyo.Core.Subscribers.Feed;
using ZoeyKlaviyo.Core.Subscribers.Files;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Storage;

/// <summary>
/// The whole model, the same for both databases; each provider has a subclass with its own migrations.
/// Times are stored as Unix milliseconds (UTC) and enums by name; see <see cref="ConfigureConventions"/>.
/// </summary>
public abstract class AppDbContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<Store> Stores => Set<Store>();

    public DbSet<SwitchState> SwitchStates => Set<SwitchState>();

    public DbSet<ActivePeriod> ActivePeriods => Set<ActivePeriod>();

    public DbSet<SettingChange> SettingChanges => Set<SettingChange>();

    public DbSet<KlaviyoConnection> KlaviyoConnections => Set<KlaviyoConnection>();

    public DbSet<PendingConnection> PendingConnections => Set<PendingConnection>();

    public DbSet<ConnectAttempt> ConnectAttempts => Set<ConnectAttempt>();

    public DbSet<Payload> Payloads => Set<Payload>();

    public DbSet<Visit> Visits => Set<Visit>();

    public DbSet<ZoeyAccess> ZoeyAccess => Set<ZoeyAccess>();

    public DbSet<StoreOrder> StoreOrders => Set<StoreOrder>();

    public DbSet<OrderWatermark> OrderWatermarks => Set<OrderWatermark>();

    public DbSet<AdminCart> AdminCarts => Set<AdminCart>();

    public DbSet<KnownProduct> KnownProducts => Set<KnownProduct>();

    public DbSet<Subscriber> Subscribers => Set<Subscriber>();

    public DbSet<SubscriberReading> SubscriberReadings => Set<SubscriberReading>();

    public DbSet<SubscriberSettings> SubscriberSettings => Set<SubscriberSettings>();

    public DbSet<OptOut> OptOuts => Set<OptOut>();

    public DbSet<SeenPush> SeenPushes => Set<SeenPush>();

    public DbSet<SubscriberFile> SubscriberFiles => Set<SubscriberFile>();

    public DbSet<SubscriberFilePart> SubscriberFileParts => Set<SubscriberFilePart>();

    public DbSet<CatalogRecord> CatalogRecords => Set<CatalogRecord>();

    public DbSet<CatalogJob> CatalogJobs => Set<CatalogJob>();

    public DbSet<CatalogListing> CatalogListings => Set<CatalogListing>();

    public DbSet<StoreProduct> StoreProducts => Set<StoreProduct>();

    public DbSet<CategoryLink> CategoryLinks => Set<CategoryLink>();

    public DbSet<VariantLink> VariantLinks => Set<VariantLink>();

    public DbSet<Run> Runs => Set<Run>();

    public DbSet<RunRecord> RunRecords => Set<RunRecord>();

    public DbSet<LaneLease> LaneLeases => Set<LaneLease>();

    public DbSet<ScheduleState> ScheduleStates => Set<ScheduleState>();

    public DbSet<ProtectionKey> ProtectionKeys => Set<ProtectionKey>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(AppDbContext).Assembly);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMillisecondsConverter>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(40);
    }
}
