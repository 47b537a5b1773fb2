using Bunit;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;
using ZoeyKlaviyo.Admin.Catalog;
using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Admin.Catalog;

/// <summary>What the section says in each situation, who is offered which button, and that a decision is taken once.</summary>
public sealed class CatalogSectionTests : BunitContext, IAsyncLifetime
{
    private CoreHost _core = default!;

    public async ValueTask InitializeAsync()
    {
        _core = await CoreHost.StartAsync(DatabaseProvider.Sqlite);
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddSingleton(_core.Get<CatalogCommands>());
        Services.AddSingleton(_core.Get<CatalogSearch>());
        Services.AddSingleton(_core.Get<VariantLinkFile>());
        Services.AddSingleton<TimeProvider>(_core.Time);
        Services.AddScoped<MinuteClock>();
        Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>().NavigateTo("/stores/acme/integrations/klaviyo");
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        await _core.DisposeAsync();
    }

    [Fact]
    public void NotConnected_SaysWhatWillBe() => Assert.Contains("nothing is deleted in Klaviyo unless the store itself says that it is gone", Show(null).Markup, StringComparison.Ordinal);

    [Fact]
    public void Lead_IsWhatMattersMost()
    {
        Assert.Contains("In step Klaviyo has all 27 records as the store has them.", Lead([Line(CatalogKind.Item, total: 27)]), StringComparison.Ordinal);
        Assert.Contains("Nothing sent yet", Lead([Line(CatalogKind.Item)]), StringComparison.Ordinal);
        Assert.Contains("1 change is still to be told to Klaviyo.", Lead([Line(CatalogKind.Item, total: 27, open: 1)]), StringComparison.Ordinal);
        Assert.Contains("2 variants wait for their products", Lead([Line(CatalogKind.Variant, total: 27, waiting: 2)]), StringComparison.Ordinal);
        Assert.Contains("Klaviyo would not take 3 records.", Lead([Line(CatalogKind.Item, total: 27, refused: 3, open: 1)]), StringComparison.Ordinal);
        Assert.Contains("6 deletions are held for confirmation", Lead([Line(CatalogKind.Item, total: 2, held: 6, refused: 3)]), StringComparison.Ordinal);
        Assert.Contains("Off Is Enabled is No: nothing is sent.", Lead([Line(CatalogKind.Item, total: 2, held: 6) with { Off = "Is Enabled is No: nothing is sent." }]), StringComparison.Ordinal);
        Assert.Contains("Set up the Store API below", Lead([Line(CatalogKind.Item, held: 6)], isApiSetUp: false), StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_AreLinksToTheirRecords_AndZeroIsNone()
    {
        var section = Show([Line(CatalogKind.Item, total: 1350, refused: 2)]);

        Assert.Equal(
            ["1,350", "1,350", "2"],
            section.FindAll("table a").Select(link => link.TextContent));
        Assert.EndsWith("?catalog=Products&records=Refused#catalog-records", section.Find("[aria-label='2 products: Refused']").GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public void OneKindHeld_IsAskedAboutByThePlainNames_SeveralByTheirKinds()
    {
        var one = Show([Line(CatalogKind.Item, held: 6, sample: ["Hammer", "Drill"])]);
        Assert.Equal(["Confirm deletions", "Keep"], Buttons(one));
        Assert.Contains("6 of 8 products would be deleted in Klaviyo", one.Markup, StringComparison.Ordinal);
        Assert.Contains("Hammer, Drill and 4 more.", one.Markup, StringComparison.Ordinal);
        Assert.Equal("Show all 6", one.Find(".notice a").TextContent);

        var two = Show([Line(CatalogKind.Item, held: 6), Line(CatalogKind.Variant, held: 7)]);
        Assert.Equal(["Confirm deletions: Products", "Keep: Products", "Confirm deletions: Variants", "Keep: Variants"], Buttons(two));
    }

    [Fact]
    public async Task Support_SeesWhatIsHeld_WithoutTheButtonsAndTheUpload()
    {
        var support = await _core.Get<StoreAccess>().OpenAsync(People.Support, "acme", Xunit.TestContext.Current.CancellationToken);

        var section = Show([Line(CatalogKind.Item, held: 6)], store: support);

        Assert.Empty(Buttons(section));
        Assert.Contains("An admin of the store decides.", section.Markup, StringComparison.Ordinal);
        Assert.Contains("An admin of the store can upload a file.", section.Markup, StringComparison.Ordinal);
        Assert.Empty(section.FindComponents<InputFile>());
    }

    [Fact]
    public void WhatTheStoreDoesNotGive_IsSaidWithWhatToDo()
    {
        var listing = new CatalogListing { CategoriesProblem = "No.", CategoryLinksProblem = "Links no.", StockProblem = "Stock no.", ProductsWithoutVariants = 2 };

        var section = Show([Line(CatalogKind.Item)], listing: listing);

        foreach (var words in new[]
                 {
                     "The store's categories could not be read: No.", "can be filtered by category_id", "let the API role read the inventory",
                     "2 products have variants by type", "Upload an export of the products below.",
                 })
            Assert.Contains(words, section.Markup, StringComparison.Ordinal);
        Assert.NotNull(section.Find(".variant-upload[open]"));
    }

    /// <summary>Two windows: the one that comes second is told so, and changes nothing.</summary>
    [Fact]
    public async Task SecondKeep_SaysThatNothingIsHeldAnyMore()
    {
        await _core.ConnectAsync();
        await HoldAsync("ABC123", 2);
        var (first, second) = (Show([Line(CatalogKind.Item, held: 2)]), Show([Line(CatalogKind.Item, held: 2)]));

        Press(first, "Keep");
        first.WaitForAssertion(() => Assert.Equal("Kept in Klaviyo: 2 products.", Toast()));
        Press(second, "Keep");

        second.WaitForAssertion(() => Assert.StartsWith("Nothing is held any more", Toast(), StringComparison.Ordinal));
        // The same words would not be shown twice.
        Services.GetRequiredService<ISnackbar>().Clear();
        Press(second, "Confirm deletions");
        second.WaitForAssertion(() => Assert.StartsWith("Nothing is held any more", Toast(), StringComparison.Ordinal));
        var states = await _core.ReadAsync(db => Task.FromResult(db.CatalogRecords.Select(row => row.State).ToList()));
        Assert.Equal([CatalogState.Kept, CatalogState.Kept], states);
    }

    [Fact]
    public void File_IsReadWhenAsked_TellsHowManyLinks_AndThatItReplacesTheOneBefore()
    {
        var section = Show([Line(CatalogKind.Item)], links: new UploadedLinks(3, "Ana", _core.Time.GetUtcNow()));
        Assert.Contains("An uploaded export names the product of 3 variants: by Ana", Text(section), StringComparison.Ordinal);
        Upload(section, "sku,_super_products_sku\nTEE,TEE-S\n,TEE-M\n");

        Press(section, "Read the file");

        section.WaitForAssertion(() => Assert.Contains("2 variants of products.csv have their product now; the file before, with 3, is replaced.", Text(section), StringComparison.Ordinal));
    }

    [Fact]
    public void FileWithoutTheColumns_IsSaid_AndStays()
    {
        var section = Show([Line(CatalogKind.Item)]);
        Upload(section, "sku,name\nTEE,Tee\n");

        Press(section, "Read the file");

        section.WaitForAssertion(() => Assert.Contains("The file has no columns that tell which product a variant belongs to", section.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Contains("products.csv", section.Markup, StringComparison.Ordinal);
    }

    private static void Upload(IRenderedComponent<CatalogSection> section, string content) =>
        section.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText(content, "products.csv"));

    private static void Press(IRenderedComponent<CatalogSection> section, string name) => section.FindAll("button")
        .Single(button => (button.GetAttribute("aria-label") ?? button.TextContent.Trim()) == name).Click();

    private static string Text(IRenderedComponent<CatalogSection> section) =>
        string.Join(' ', section.Nodes.Select(node => node.TextContent)).ReplaceLineEndings(" ").Split(' ', StringSplitOptions.RemoveEmptyEntries) is var words ? string.Join(' ', words) : "";

    private static List<string> Buttons(IRenderedComponent<CatalogSection> section) => [.. section.FindAll(".notice button").Select(button => button.GetAttribute("aria-label")!)];

    private static CatalogLine Line(
        CatalogKind kind, int total = 0, int open = 0, int waiting = 0, int refused = 0, int held = 0, IReadOnlyList<string>? sample = null) => new(
        kind, CatalogOverview.SyncKindOf(kind),
        new Dictionary<CatalogPart, int>
        {
            [CatalogPart.Wanted] = total,
            [CatalogPart.InSync] = total,
            [CatalogPart.Open] = open,
            [CatalogPart.Waiting] = waiting,
            [CatalogPart.Refused] = refused,
            [CatalogPart.Held] = held,
            [CatalogPart.Confirmed] = 0,
            [CatalogPart.Kept] = 0,
        },
        held + 2, sample ?? [], null);

    private string Lead(IReadOnlyList<CatalogLine> lines, bool isApiSetUp = true) =>
        string.Join(' ', Show(lines, isApiSetUp).Find(".lead").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private string? Toast() => Services.GetRequiredService<ISnackbar>().ShownSnackbars.LastOrDefault()?.Message;

    private Task HoldAsync(string accountId, int count) => _core.Database.WriteAsync(
        db =>
        {
            db.CatalogRecords.AddRange(Enumerable.Range(1, count).Select(number => new CatalogRecord
            {
                StoreId = _core.Store.Id,
                AccountId = accountId,
                RecordId = $"{number}",
                ExternalId = $"{number}",
                Kind = CatalogKind.Item,
                Name = $"Product {number}",
                Content = "{}",
                ContentHash = "",
                IsInKlaviyo = true,
                IsGone = true,
                State = CatalogState.Held,
                Removal = Removal.Held,
            }));
            return Task.CompletedTask;
        },
        Xunit.TestContext.Current.CancellationToken);

    private IRenderedComponent<CatalogSection> Show(
        IReadOnlyList<CatalogLine>? lines, bool isApiSetUp = true, CatalogListing? listing = null, UploadedLinks? links = null, AuthorizedStore? store = null) =>
        Render<CatalogSection>(parameters => parameters
            .Add(section => section.Store, store ?? _core.Store)
            .Add(section => section.Summary, lines is null ? null : new CatalogSummary(isApiSetUp, lines, links, 0, listing))
            .Add(section => section.Address, Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>().Uri));
}
