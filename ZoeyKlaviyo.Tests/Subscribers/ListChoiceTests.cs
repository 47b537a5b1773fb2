using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Subscribers;
using ZoeyKlaviyo.Sandbox.Faults;

namespace ZoeyKlaviyo.Tests.Subscribers;

/// <summary>The list in Klaviyo: any of them, or a new one; a second of the same name is never made.</summary>
public sealed class ListChoiceTests : IAsyncLifetime
{
    private SubscriberHost _host = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SubscriberEditor Editor => _host.Core.Get<SubscriberEditor>();

    public async ValueTask InitializeAsync() => _host = await SubscriberHost.StartAsync(DatabaseProvider.Sqlite);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>Klaviyo gives ten a page.</summary>
    [Fact]
    public async Task AllPages_WithTheirOptIn()
    {
        var lists = (await Editor.ListsAsync(_host.Core.Store, Cancel)).Lists!;

        Assert.Equal(_host.Lists.Of(SubscriberHost.Account).Select(list => list.Id).Order(), lists.Select(list => list.Id).Order());
        Assert.True(lists.Count > 10);
        Assert.Equal([true, false], lists.Select(list => list.IsDoubleOptIn!.Value).Distinct().OrderDescending());
    }

    [Theory]
    [InlineData("Zoey \"news\", + more")]
    [InlineData("Zoey newsletter")]
    public async Task Create_WhoseAnswerIsLost_MakesOne(string name)
    {
        _host.Faults.Add(new Fault("POST /api/lists", FaultKind.LostAnswer, Times: 1));

        var first = await CreateAsync(new NewList(name, IsDoubleOptIn: true));
        var again = await CreateAsync(new NewList($" {name} ", IsDoubleOptIn: true));

        var list = Assert.Single(_host.Lists.Of(SubscriberHost.Account), list => list.Name == name);
        Assert.Equal((list.Id, true), (first.List?.Id, first.List?.IsDoubleOptIn));
        Assert.Equal((list.Id, true), (again.List?.Id, again.AlreadyThere));
    }

    /// <summary>Neither the creation nor the look for it got an answer; the next try finds what is there.</summary>
    [Fact]
    public async Task Create_AndNoAnswerAtAll_SaysSo_AndTheNextTryFindsIt()
    {
        _host.Faults.Add(new Fault("POST /api/lists", FaultKind.LostAnswer, Times: 1));
        _host.Faults.Add(new Fault("GET /api/lists", FaultKind.Html, Skip: 1));

        var first = await CreateAsync(new NewList("Zoey newsletter", IsDoubleOptIn: false));
        _host.Faults.Clear();
        var again = await CreateAsync(new NewList("Zoey newsletter", IsDoubleOptIn: false));

        Assert.Null(first.List);
        Assert.StartsWith("The list was not created:", first.Problem, StringComparison.Ordinal);
        Assert.Equal(Assert.Single(_host.Lists.Of(SubscriberHost.Account), list => list.Name == "Zoey newsletter").Id, again.List?.Id);
    }

    [Fact]
    public async Task ListsThatCannotBeRead_CreateNothing()
    {
        _host.Faults.Add(new Fault("GET /api/lists", FaultKind.Html));

        var created = await CreateAsync(new NewList("Zoey newsletter", IsDoubleOptIn: false));

        Assert.StartsWith("Klaviyo's lists could not be read:", created.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(_host.Lists.Of(SubscriberHost.Account), list => list.Name == "Zoey newsletter");
    }

    private Task<ListCreated> CreateAsync(NewList list) => _host.Core.EndOfAsync(Editor.CreateListAsync(_host.Core.Store, list, Cancel));
}
