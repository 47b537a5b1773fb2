using Bunit;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Admin.Subscribers;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Subscribers;
using ZoeyKlaviyo.Core.Subscribers.Files;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Admin.Subscribers;

/// <summary>What the section says in each situation, and that a file is not read before its columns are clear.</summary>
public sealed class SubscribersSectionTests : BunitContext, IAsyncLifetime
{
    private CoreHost _core = default!;

    public async ValueTask InitializeAsync()
    {
        _core = await CoreHost.StartAsync(DatabaseProvider.Sqlite);
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddSingleton(_core.Get<SubscriberEditor>());
        Services.AddSingleton(_core.Get<SubscriberFiles>());
        Services.AddSingleton(_core.Get<SyncCommands>());
        Services.AddSingleton<TimeProvider>(_core.Time);
        Services.AddScoped<MinuteClock>();
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        await _core.DisposeAsync();
    }

    [Theory]
    [InlineData(SubscriberSpeed.WithinMinutes, true, "Who subscribes or unsubscribes in the store reaches Klaviyo within 10 minutes.")]
    [InlineData(SubscriberSpeed.NewWithinMinutes, true, "New subscribers reach Klaviyo within 10 minutes.")]
    [InlineData(SubscriberSpeed.File, false, "Klaviyo knows what the last uploaded file said.")]
    [InlineData(SubscriberSpeed.NotAvailable, false, "Set up the store API below, or upload a CSV export")]
    [InlineData(SubscriberSpeed.NotAvailable, true, "The store gives no list of its subscribers. Upload a CSV export")]
    public void Speed_IsSaidFirst_WithWhatToDo(SubscriberSpeed speed, bool isApiSetUp, string words) =>
        Assert.Contains(words, Show(new Situation(speed, isApiSetUp)).Find(".lead").TextContent, StringComparison.Ordinal);

    [Fact]
    public void BeforeTheFirstSync_TheStepsAreShown_UntilSomebodyTicksThem()
    {
        var open = Show(new Situation());
        Assert.Contains("Pre-existing subscribers in Klaviyo must be brought into Zoey", open.Markup, StringComparison.Ordinal);
        Assert.Contains("Export them", open.FindAll("button").Select(button => button.TextContent.Trim()));

        var done = Show(new Situation(BroughtInBy: "Ana"));
        Assert.Contains("ticked by Ana", done.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Export them", done.FindAll("button").Select(button => button.TextContent.Trim()));
    }

    [Fact]
    public void ListThatIsGone_IsSaid_WithWhatToDo()
    {
        var section = Show(new Situation(ListName: "Spring", IsListGone: true));

        Assert.Contains("Nobody is subscribed until you choose another list, or No list, below; who leaves is still unsubscribed.", section.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Problem_IsSaid() => Assert.Contains(
        "The store's subscribers could not be read: The store does not answer.", Show(new Situation(Problem: "The store does not answer.")).Markup, StringComparison.Ordinal);

    [Fact]
    public void FileWithoutAStatusColumn_NeedsAWord_AndKeepsWhatWasChosen()
    {
        var section = Show(new Situation());
        section.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("Who,Mail\nJo,jo@shop-demo.com\n", "people.csv"));
        section.WaitForAssertion(() => Assert.Contains("Check which column holds what.", section.Markup, StringComparison.Ordinal));
        section.FindAll(".columns select")[3].Change("0");

        section.Find("form.columns").Submit();

        Assert.Contains("or tick that everybody in this file is subscribed", section.Markup, StringComparison.Ordinal);
        Assert.Equal("0", section.FindAll(".columns select")[3].QuerySelector("option[selected]")!.GetAttribute("value"));
        Assert.Contains("jo@shop-demo.com", section.Find(".sample").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongFile_IsSaid()
    {
        var section = Show(new Situation());
        section.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromBinary([0x50, 0x4B, 3, 4, 0, 0], "people.xlsx"));

        section.WaitForAssertion(() => Assert.Contains("This is a spreadsheet's own file, not a CSV file.", section.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void NotConnected_SaysWhatWillBe() =>
        Assert.Contains("nobody who opted out is ever subscribed again", Render<SubscribersSection>(parameters => parameters
            .Add(section => section.Store, _core.Store).Add(section => section.Summary, null).Add(section => section.Files, new Dictionary<SyncKind, FileView>())).Markup, StringComparison.Ordinal);

    private IRenderedComponent<SubscribersSection> Show(Situation situation)
    {
        var (now, id) = (_core.Time.GetUtcNow(), _core.Store.Id);
        var reading = new SubscriberReading { StoreId = id, AccountId = "ABC123", Problem = situation.Problem };
        var settings = new SubscriberSettings
        {
            StoreId = id,
            AccountId = "ABC123",
            ListId = situation.ListName is null ? null : "LIST01",
            ListName = situation.ListName,
            ListGoneUtc = situation.IsListGone ? now : null,
            BroughtInBy = situation.BroughtInBy,
            BroughtInUtc = situation.BroughtInBy is null ? null : now,
        };
        var summary = new SubscriberSummary(situation.IsApiSetUp, situation.Speed, reading, settings, 5, 1, 2);
        return Render<SubscribersSection>(parameters => parameters
            .Add(section => section.Store, _core.Store).Add(section => section.Summary, summary).Add(section => section.Files, new Dictionary<SyncKind, FileView>()));
    }

    private sealed record Situation(
        SubscriberSpeed Speed = SubscriberSpeed.WithinMinutes, bool IsApiSetUp = true, string? Problem = null, string? ListName = null, bool IsListGone = false, string? BroughtInBy = null);
}
