using Microsoft.Playwright;
using ZoeyKlaviyo.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace ZoeyKlaviyo.Tests.Storefront;

/// <summary>Shoppers in a real browser: who is known, what is sent for them, and that it arrives once.</summary>
public sealed class TrackingJourneys : IClassFixture<TestShop>
{
    private const string Jo = "jo@acme.example";
    private const string Guest = "guest@acme.example";
    private const string AddForm = """<form action="/checkout/cart/add/" method="post"><input name="product" value="101"><input name="qty" value="1"><button>Add</button></form>""";

    private readonly BrowserFixture _browser;
    private readonly TestShop _shop;

    public TrackingJourneys(BrowserFixture browser, TestShop shop)
    {
        (_browser, _shop) = (browser, shop);
        shop.Reset();
    }

    private static object Visitor(string? email) => new { visitor = new { email } };

    private static object Product(string? email, string id = "101") => new { visitor = new { email }, product = new { id, name = "Hammer" } };

    private static object Cart(string? email, int quantity, string id = "771") => new
    {
        visitor = new { email },
        product = new { id = "101", name = "Hammer" },
        cart = new { id, total = 10.0 * quantity, currency = "USD", items = quantity == 0 ? [] : new[] { new { id = "101", name = "Hammer", price = 10, quantity } } },
    };

    private static string[] Types(IEnumerable<Sent> events) => events.Select(one => one.Type).ToArray();

    private Task RunAsync(Func<IPage, Task> journey, BrowserNewContextOptions? options = null, [System.Runtime.CompilerServices.CallerMemberName] string name = "") =>
        _browser.RunAsync(
            _shop.Address,
            async page =>
            {
                await journey(page);
                await AssertNoAddressIsKeptAsync(page);
            },
            options,
            [_shop.CollectAddress],
            name);

    private static async Task AssertNoAddressIsKeptAsync(IPage page)
    {
        Assert.Empty(await page.Context.CookiesAsync());
        var kept = await page.EvaluateAsync<string>("() => { try { return JSON.stringify(localStorage) } catch (e) { return '{}' } }");
        Assert.DoesNotContain("@", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("%40", kept, StringComparison.Ordinal);
    }

    private static async Task GuestCheckoutAsync(IPage page, string address)
    {
        await page.GetByLabel("E-mail").FillAsync(address);
        await page.GetByLabel("E-mail").BlurAsync();
    }

    private void CheckoutPage(string? email = null) =>
        _shop.Page("/checkout", new { visitor = new { email }, cart = new { id = "771" } }, """<form data-zk-checkout=""><label>E-mail <input type="email"></label></form>""");

    [Fact]
    public Task Unavailable_ThenTaken_EachEventArrivesOnceById() => RunAsync(async page =>
    {
        _shop.Answers.Enqueue(context => Task.FromResult(context.Response.StatusCode = 503));
        _shop.Answers.Enqueue(context => Task.FromResult(context.Response.StatusCode = 500));
        _shop.Page("/p", Product(Jo));

        await page.GotoAsync("/p");
        await _shop.UntilAsync(events => events.Count == 6);
        var events = await _shop.AllAsync(page);

        Assert.Equal(2, events.Count);
    });

    [Fact]
    public Task ConnectionLost_NextPageSendsAgainUnderTheSameId() => RunAsync(async page =>
    {
        _shop.Answers.Enqueue(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        _shop.Page("/p", Product(Jo));

        await page.GotoAsync("/p");
        await _shop.UntilAsync(events => events.Count == 2);
        var events = await _shop.AllAsync(page);

        Assert.Equal(2, events.Count);
        Assert.All(events, one => Assert.True(_shop.Events().Count(other => other.Id == one.Id) > 1));
    });

    [Fact]
    public Task RetryAfter_IsHonouredOnTheNextPageToo() => RunAsync(async page =>
    {
        _shop.Answers.Enqueue(context =>
        {
            context.Response.Headers.RetryAfter = "600";
            return Task.FromResult(context.Response.StatusCode = 429);
        });
        _shop.Page("/p", Visitor(Jo));
        await page.GotoAsync("/p");
        await _shop.UntilAsync("active_on_site");
        await page.WaitForFunctionAsync("JSON.parse(sessionStorage.zoeyKlaviyo).until > Date.now() + 500000");

        await page.GotoAsync("/p");
        await page.WaitForFunctionAsync("JSON.parse(sessionStorage.zoeyKlaviyo).queue.length === 2");

        Assert.Single(_shop.Bodies);
        await page.EvaluateAsync("() => { const s = JSON.parse(sessionStorage.zoeyKlaviyo); s.until = 0; sessionStorage.zoeyKlaviyo = JSON.stringify(s); }");
        await page.EvaluateAsync("dispatchEvent(new Event('online'))");
        Assert.Equal(3, (await _shop.UntilAsync(events => events.Count == 3)).Count);
    });

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(413)]
    public Task Refused_NotSentAgain(int status) => RunAsync(async page =>
    {
        _shop.Answers.Enqueue(context => Task.FromResult(context.Response.StatusCode = status));
        _shop.Page("/p", Visitor(Jo));

        await page.GotoAsync("/p");
        await page.WaitForFunctionAsync("JSON.parse(sessionStorage.zoeyKlaviyo).queue.length === 0");

        Assert.Single(await _shop.AllAsync(page));
    });

    [Fact]
    public Task OfflineAndBack_SentOnce() => RunAsync(async page =>
    {
        _shop.Page("/p", Visitor(Jo));
        await page.GotoAsync("/p");
        await _shop.UntilAsync("active_on_site");
        await page.Context.SetOfflineAsync(true);
        await page.EvaluateAsync("zoeyKlaviyo.track('viewed_product', { properties: { ProductID: '1' } })");

        await page.Context.SetOfflineAsync(false);
        await _shop.UntilAsync("viewed_product");

        Assert.Equal(["active_on_site", "viewed_product"], Types(await _shop.AllAsync(page)));
    });

    [Fact]
    public Task SignOut_NothingOfThatShopperIsSentAfterwards() => RunAsync(async page =>
    {
        _shop.Answers.Enqueue(context =>
        {
            context.Response.Headers.RetryAfter = "5";
            return Task.FromResult(context.Response.StatusCode = 503);
        });
        _shop.Page("/p", Product(Jo), """<a href="/customer/account/logout/">Log out</a>""");
        _shop.Page("/customer/account/logout/", Visitor(null));
        await page.GotoAsync("/p");
        await _shop.UntilAsync("viewed_product");
        await page.WaitForFunctionAsync("JSON.parse(sessionStorage.zoeyKlaviyo).queue.length === 2");

        await page.GetByRole(AriaRole.Link, new() { Name = "Log out" }).ClickAsync();
        await page.WaitForURLAsync("**/logout/");

        Assert.Equal(2, (await _shop.AllAsync(page)).Count);
    });

    [Fact]
    public Task AnotherShopper_ClearsWhatWaits_AndGetsAVisitOfTheirOwn() => RunAsync(async page =>
    {
        _shop.Answers.Enqueue(context => Task.FromResult(context.Response.StatusCode = 503));
        _shop.Page("/jo", Visitor(Jo));
        _shop.Page("/ann", Visitor("ann@acme.example"));
        await page.GotoAsync("/jo");
        await page.WaitForFunctionAsync("window.zoeyKlaviyo && sessionStorage.zoeyKlaviyo");
        await _shop.UntilAsync("active_on_site");

        await page.GotoAsync("/ann");
        var events = await _shop.UntilAsync(events => events.Any(one => one.Email == "ann@acme.example"));

        var ann = events.Single(one => one.Email == "ann@acme.example");
        Assert.DoesNotContain(events.SkipWhile(one => one != ann), one => one.Email == Jo);
        Assert.NotEqual(events[0].Visitor.GetProperty("sessionId").GetString(), ann.Visitor.GetProperty("sessionId").GetString());
    });

    [Fact]
    public Task PageThatTellsNothing_ForgetsNothing_AndSendsOnlyForIdentified() => RunAsync(async page =>
    {
        _shop.Page("/jo", Visitor(Jo));
        _shop.Page("/silent", "<h1>Imprint</h1>");
        _shop.Page("/tell", "<script>(window.zoeyKlaviyo = window.zoeyKlaviyo || []).push(['identify', ' ANN@acme.example'])</script>");
        await page.GotoAsync("/jo");
        await _shop.UntilAsync("active_on_site");
        await page.GotoAsync("/silent");
        await page.WaitForFunctionAsync("window.zoeyKlaviyo");
        await page.EvaluateAsync("zoeyKlaviyo.track('viewed_product', {})");
        Assert.Equal(Jo, await page.EvaluateAsync<string>("JSON.parse(sessionStorage.zoeyKlaviyo).email"));
        await page.GotoAsync("/tell");
        await _shop.UntilAsync("active_on_site", "active_on_site");
        await page.GotoAsync("/silent");
        await _shop.UntilAsync("active_on_site", "active_on_site", "active_on_site");

        Assert.Equal([Jo, "ann@acme.example", "ann@acme.example"], (await _shop.AllAsync(page)).Select(one => one.Email));
    });

    [Fact]
    public Task GuestAtCheckout_KnownForThatCartOnly_NothingFromBefore() => RunAsync(async page =>
    {
        CheckoutPage();
        _shop.Page("/p", Product(null));
        _shop.Page("/same", Cart(null, 2));
        _shop.Page("/thanks", Cart(null, 0, "772"));
        await page.GotoAsync("/p");
        await page.GotoAsync("/checkout");
        await GuestCheckoutAsync(page, "guest@acme");
        await GuestCheckoutAsync(page, Guest);
        var events = await _shop.UntilAsync("started_checkout");
        Assert.Equal(["active_on_site", "started_checkout"], Types(events));

        await page.ReloadAsync();
        await GuestCheckoutAsync(page, Guest);
        await GuestCheckoutAsync(page, "other@acme.example");
        await _shop.UntilAsync("started_checkout", "started_checkout");
        await page.GotoAsync("/same");
        await _shop.UntilAsync("viewed_product");
        await page.GotoAsync("/thanks");
        var all = await _shop.AllAsync(page);

        Assert.Equal([Guest, "other@acme.example"], all.Where(one => one.Type == "started_checkout").Select(one => one.Email));
        Assert.Equal("other@acme.example", Assert.Single(all, one => one.Type == "viewed_product").Email);
    });

    [Fact]
    public Task TwoTabs_SignOutInOne_ClearsTheOther() => RunAsync(async page =>
    {
        _shop.Page("/p", Visitor(Jo));
        await page.GotoAsync("/p");
        await _shop.UntilAsync("active_on_site");
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync("/p");
        await _shop.UntilAsync("active_on_site", "active_on_site");

        await other.EvaluateAsync("zoeyKlaviyo.signOut()");
        await page.WaitForFunctionAsync("JSON.parse(sessionStorage.zoeyKlaviyo).email === ''");
        await page.EvaluateAsync("zoeyKlaviyo.track('viewed_product', {})");

        Assert.Equal(2, (await _shop.AllAsync(page)).Count);
    });

    [Fact]
    public Task AddedToCart_WhenTheCartShowsMore_OnceForADoubleSubmit() => RunAsync(async page =>
    {
        _shop.Page("/p", Cart(Jo, 1), AddForm);
        _shop.Page("/cart", Cart(Jo, 3));
        await page.GotoAsync("/p");
        await _shop.UntilAsync("active_on_site");
        // The first of two quick submits: the browser gives up its navigation for the second's.
        await page.EvaluateAsync("document.forms[0].dispatchEvent(new SubmitEvent('submit', { bubbles: true }))");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await page.WaitForURLAsync("**/cart");
        await _shop.UntilAsync("added_to_cart");
        await page.ReloadAsync();
        var added = Assert.Single(await _shop.AllAsync(page), one => one.Type == "added_to_cart");

        var properties = added.Event.GetProperty("properties");
        Assert.Equal(
            ("101", "Hammer", 2, 10, 30.0, "771"),
            (properties.GetProperty("AddedItemProductID").GetString(), properties.GetProperty("AddedItemProductName").GetString(), properties.GetProperty("AddedItemQuantity").GetInt32(),
                properties.GetProperty("AddedItemPrice").GetInt32(), added.Event.GetProperty("value").GetDouble(), added.Event.GetProperty("checkoutId").GetString()));
    });

    [Fact]
    public Task FailedAdd_Nothing() => RunAsync(async page =>
    {
        _shop.Page("/p", Cart(Jo, 1), AddForm);
        _shop.Page("/cart", Cart(Jo, 1));
        await page.GotoAsync("/p");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await page.WaitForURLAsync("**/cart");

        Assert.DoesNotContain("added_to_cart", Types(await _shop.AllAsync(page)));
    });

    [Fact]
    public Task AjaxCart_PageSaysIt_AndTheSecondTabsAddIsNotCountedHere() => RunAsync(async page =>
    {
        _shop.Page("/p", Cart(Jo, 0), AddForm.Replace("<form", "<form onsubmit=\"return false\"", StringComparison.Ordinal));
        await page.GotoAsync("/p");
        await _shop.UntilAsync("viewed_product");
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync("/p");
        await _shop.UntilAsync("viewed_product", "viewed_product");
        const string Said = "quantity => zoeyKlaviyo.page({ cart: { id: '771', total: 10, items: [{ id: '101', price: 10, quantity: quantity }] } })";
        foreach (var (tab, quantity) in new[] { (page, 1), (other, 2) })
        {
            await tab.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
            await tab.EvaluateAsync(Said, quantity);
        }

        await _shop.UntilAsync("added_to_cart", "added_to_cart");
        var added = (await _shop.AllAsync(page)).Where(one => one.Type == "added_to_cart").ToList();
        Assert.Equal([1, 1], added.Select(one => one.Event.GetProperty("properties").GetProperty("AddedItemQuantity").GetInt32()));
    });

    [Theory]
    [InlineData("Object.defineProperty(Navigator.prototype, 'doNotTrack', { get: () => '1' })")]
    [InlineData("Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })")]
    [InlineData("addEventListener('DOMContentLoaded', () => document.body.setAttribute('data-zk-tracking-blocked', ''), true)")]
    public Task TrackingBlocked_OnlyTheCheckout(string script) => RunAsync(async page =>
    {
        await page.AddInitScriptAsync(script);
        _shop.Page("/checkout", new { visitor = new { email = Jo }, product = new { id = "1" }, cart = new { id = "771" }, checkout = new { } });

        await page.GotoAsync("/checkout");
        var sent = Assert.Single(await _shop.UntilAsync("started_checkout"));

        Assert.True(sent.Visitor.GetProperty("trackingBlocked").GetBoolean());
        Assert.Null(await page.EvaluateAsync<string?>("localStorage.getItem('zoeyKlaviyo')"));
    });

    [Theory]
    [InlineData(false, "viewed_product active_on_site", new[] { "started_checkout" })]
    [InlineData(true, "active_on_site started_checkout", new[] { "active_on_site", "started_checkout" })]
    public Task ActingAdmin_BrowsingOnlyWhereAllowed_TheCheckoutAlways(bool adminTracking, string switches, string[] expected) => RunAsync(async page =>
    {
        _shop.Settings = _shop.Settings with { AdminTracking = adminTracking, Events = switches };
        _shop.Page("/checkout", new { visitor = new { email = Jo, actingAdmin = true }, product = new { id = "1" }, cart = new { id = "771" }, checkout = new { } });

        await page.GotoAsync("/checkout");
        var events = await _shop.UntilAsync("started_checkout");

        Assert.Equal(expected, Types(events));
        Assert.All(events, one => Assert.True(one.Visitor.GetProperty("actingAdmin").GetBoolean()));
    });

    [Theory]
    [InlineData("for (const name of ['sessionStorage', 'localStorage']) Object.defineProperty(window, name, { get() { throw new Error('blocked') } })")]
    [InlineData("for (const name of ['getItem', 'setItem', 'removeItem']) Storage.prototype[name] = () => { throw new Error('full') }")]
    [InlineData("delete window.BroadcastChannel; Object.defineProperty(window, 'crypto', { value: undefined }); Array.prototype.extra = 1; Object.prototype.more = 1")]
    public Task PoorBrowser_EverythingWorksWhileThePageIsOpen(string script) => RunAsync(async page =>
    {
        _shop.Answers.Enqueue(context => Task.FromResult(context.Response.StatusCode = 503));
        await page.AddInitScriptAsync(script);
        _shop.Page("/p", Product(Jo));

        await page.GotoAsync("/p");
        var events = await _shop.UntilAsync(events => events.Count == 4);

        Assert.Equal(2, events.Select(one => one.Id).Distinct().Count());
    });

    [Fact]
    public Task HostilePage_NoErrorReachesIt() => RunAsync(async page =>
    {
        var big = new string('x', 200_000) + "\uD83D";
        _shop.Page("/p", $$$"""
            <script type="application/json" data-zk-page>{ broken</script><script type="application/json" data-zk-page>[1,null]</script>
            <script type="application/json" data-zk-page>{"visitor":{"email":"{{{Jo}}}","actingAdmin":null},"__proto__":{"x":1},
              "product":{"id":{"a":1},"name":"<img src=x onerror=alert(1)>\u0000\ud800{{{big}}}","price":{},"categories":{"a":[]},"url":"javascript:alert(1)","image":"http://["},
              "cart":{"id":"7","total":"NaN","items":{"0":null}},"checkout":"yes"}</script>
            <form data-zk-checkout="771"><input name="closest"><input name="getAttribute"></form><form id="zoeyKlaviyo"></form><p data-zk-cart data-zk-item="{{{big}}}">x</p>
            """);

        await page.GotoAsync("/p");
        var viewed = (await _shop.UntilAsync("viewed_product", "started_checkout")).Single(one => one.Type == "viewed_product");
        await page.EvaluateAsync(
            """
            () => {
              const many = {}; for (let i = 0; i < 10000; i++) many['p' + i] = 'x'.repeat(100);
              const evil = { get email() { throw new Error('no') } }, loop = {}; loop.loop = loop;
              for (const value of [null, undefined, 5, 'x', [], evil, loop, { visitor: evil }, { cart: { items: 'x' } }, { product: [] }, Object.freeze(Object.create(null)), Symbol('s')]) {
                zoeyKlaviyo.page(value); zoeyKlaviyo.identify(value); zoeyKlaviyo.track(value, value); zoeyKlaviyo.push(value);
              }
              zoeyKlaviyo.page({ visitor: { email: 'jo@acme.example' } });
              zoeyKlaviyo.track('viewed_product', { properties: many }); zoeyKlaviyo.track('constructor', {}); zoeyKlaviyo.push(['toString'], ['nothing']);
              document.dispatchEvent(new Event('submit')); document.dispatchEvent(new Event('click'));
            }
            """);

        Assert.StartsWith("<img src=x onerror=alert(1)>xxx", viewed.Event.GetProperty("properties").GetProperty("ProductName").GetString(), StringComparison.Ordinal);
        Assert.False(viewed.Event.GetProperty("properties").TryGetProperty("ImageURL", out _));
        Assert.All(await _shop.AllAsync(page), one => Assert.InRange(one.Properties.Length, 2, 60_000));
    });

    [Fact]
    public Task LongCart_IsShortened_AndManyEventsAreSplit() => RunAsync(async page =>
    {
        var items = Enumerable.Range(0, 3000).Select(i => new { id = $"{i}", name = $"Screw ü {i}", quantity = 1, price = 1 });
        _shop.Page("/checkout", new { visitor = new { email = Jo }, cart = new { id = "771", total = 3000, items }, checkout = new { } });

        await page.GotoAsync("/checkout");
        await _shop.UntilAsync("started_checkout");
        await page.EvaluateAsync("for (let i = 0; i < 5; i++) zoeyKlaviyo.track('viewed_product', { properties: { text: 'ü'.repeat(15000) } })");
        var events = await _shop.UntilAsync("viewed_product", "viewed_product", "viewed_product", "viewed_product", "viewed_product");

        var properties = events.Single(one => one.Type == "started_checkout").Event.GetProperty("properties");
        Assert.Equal(3000, properties.GetProperty("Items").GetArrayLength() + properties.GetProperty("ItemsOmitted").GetInt32());
        Assert.InRange(properties.GetProperty("Items").GetArrayLength(), 100, 2999);
        Assert.All(_shop.Bodies, body => Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(body), 1, 64_000));
    });

    [Fact]
    public Task LoadedTwice_DoesNothingTheSecondTime_AndOneGlobal() => RunAsync(async page =>
    {
        _shop.Page("/plain", "", tag: "");
        await page.GotoAsync("/plain");
        var before = await page.EvaluateAsync<string[]>("Object.getOwnPropertyNames(window)");
        _shop.Page("/p", Product(Jo), """<script src="/zk.js"></script><script defer src="/zk.js"></script>""");

        await page.GotoAsync("/p");
        await _shop.UntilAsync("viewed_product");
        var after = await page.EvaluateAsync<string[]>("Object.getOwnPropertyNames(window)");

        Assert.Equal(["zoeyKlaviyo"], after.Except(before));
        Assert.Equal(2, (await _shop.AllAsync(page)).Count);
    });

    [Fact]
    public Task Restored_TheShopperIsWhoeverIsLoggedInNow_AndNoSecondView() => RunAsync(async page =>
    {
        _shop.Page("/p", Product(Jo));
        await page.GotoAsync("/p");
        await _shop.UntilAsync("viewed_product");
        await page.EvaluateAsync("() => { const s = JSON.parse(sessionStorage.zoeyKlaviyo); s.email = ''; sessionStorage.zoeyKlaviyo = JSON.stringify(s); }");

        await page.EvaluateAsync("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
        await page.EvaluateAsync("zoeyKlaviyo.track('viewed_product', {})");

        Assert.Equal(2, (await _shop.AllAsync(page)).Count);
    });

    [Fact]
    public Task BackAfterSignOut_AnOldPageIsNotBelieved() => RunAsync(async page =>
    {
        _shop.Page("/p", Product(Jo));
        _shop.Page("/out", Visitor(null));
        await page.GotoAsync("/p");
        await _shop.UntilAsync("viewed_product");
        await page.GotoAsync("/out");
        await page.WaitForFunctionAsync("JSON.parse(sessionStorage.zoeyKlaviyo).email === ''");

        await page.GoBackAsync();
        await page.WaitForFunctionAsync("window.zoeyKlaviyo");

        Assert.Equal(2, (await _shop.AllAsync(page)).Count);
    });

    [Fact]
    public Task Disconnected_NothingIsSent_WhatWaitsIsKept() => RunAsync(async page =>
    {
        _shop.Answers.Enqueue(context => Task.FromResult(context.Response.StatusCode = 503));
        _shop.Page("/p", Visitor(Jo));
        await page.GotoAsync("/p");
        await _shop.UntilAsync("active_on_site");
        await page.WaitForFunctionAsync("JSON.parse(sessionStorage.zoeyKlaviyo).queue.length === 1");
        _shop.Settings = _shop.Settings with { IsActive = false };
        await page.GotoAsync("/p");
        await page.WaitForFunctionAsync("window.zoeyKlaviyo");
        var sentBefore = _shop.Bodies.Count;
        await page.EvaluateAsync("zoeyKlaviyo.push(['track', 'viewed_product', {}], ['identify', 'jo@acme.example'], 5); zoeyKlaviyo.page({})");

        _shop.Settings = _shop.Settings with { IsActive = true };
        await page.GotoAsync("/p");
        await _shop.UntilAsync(events => events.Count >= 3);

        Assert.Equal(2, _shop.Events().Select(one => one.Id).Distinct().Count());
        Assert.InRange(sentBefore, 1, 2);
        await Expect(page).ToHaveTitleAsync("Shop");
    });

    [Fact]
    public Task SignOutInAnotherTab_WhileThisOneIsAway_NothingIsSentWhenItComesBack() => RunAsync(async page =>
    {
        _shop.Page("/p", Product(Jo));
        _shop.Page("/away", "<h1>Elsewhere</h1>", tag: "");
        _shop.Page("/out", Visitor(null));
        await page.GotoAsync("/p");
        await _shop.UntilAsync("viewed_product");
        await page.GotoAsync("/away");
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync("/p");
        await _shop.UntilAsync("viewed_product", "viewed_product");
        await other.GotoAsync("/out");
        await other.WaitForFunctionAsync("sessionStorage.zoeyKlaviyo && JSON.parse(sessionStorage.zoeyKlaviyo).email === ''");

        await page.GoBackAsync();
        await page.WaitForFunctionAsync("JSON.parse(sessionStorage.zoeyKlaviyo).email === ''");
        await page.EvaluateAsync("zoeyKlaviyo.track('viewed_product', {})");

        Assert.Equal(4, (await _shop.AllAsync(page)).Count);
    });

    [Theory]
    [InlineData("trackingBlocked")]
    [InlineData("actingAdmin")]
    public Task BlockedOrAdmin_StaysSo_BehindTheBackButton_AndOnPagesThatTellNothing(string flag) => RunAsync(async page =>
    {
        _shop.Page("/p", Product(Jo));
        _shop.Page("/flagged", new { visitor = new Dictionary<string, object> { ["email"] = Jo, [flag] = true } });
        _shop.Page("/silent", "<h1>Imprint</h1>");
        await page.GotoAsync("/p");
        await _shop.UntilAsync("viewed_product");
        await page.GotoAsync("/flagged");
        await page.WaitForFunctionAsync("window.zoeyKlaviyo && zoeyKlaviyo.identify && document.readyState === 'complete'");

        await page.GoBackAsync();
        await page.WaitForFunctionAsync("window.zoeyKlaviyo && !!zoeyKlaviyo.identify");
        await page.GotoAsync("/silent");
        await page.WaitForFunctionAsync("window.zoeyKlaviyo && !!zoeyKlaviyo.identify");
        await page.EvaluateAsync("zoeyKlaviyo.identify('jo@acme.example')");

        Assert.Equal(2, (await _shop.AllAsync(page)).Count);
    });

    [Fact]
    public Task BlockedInOneTab_ClearsWhatWaitsInTheOther() => RunAsync(async page =>
    {
        _shop.Answers.Enqueue(context =>
        {
            context.Response.Headers.RetryAfter = "600";
            return Task.FromResult(context.Response.StatusCode = 503);
        });
        _shop.Page("/p", Product(Jo));
        _shop.Page("/blocked", new { visitor = new { email = Jo, trackingBlocked = true } });
        await page.GotoAsync("/p");
        await page.WaitForFunctionAsync("sessionStorage.zoeyKlaviyo && JSON.parse(sessionStorage.zoeyKlaviyo).until > 0");

        await (await page.Context.NewPageAsync()).GotoAsync("/blocked");

        await page.WaitForFunctionAsync("JSON.parse(sessionStorage.zoeyKlaviyo).queue.length === 0");
    });

    [Fact]
    public Task AnotherShopperInOneTab_TheOthersSignOutDoesNotComeBack() => RunAsync(async page =>
    {
        _shop.Page("/jo", Visitor(Jo));
        _shop.Page("/ann", Visitor("ann@acme.example"));
        await page.GotoAsync("/jo");
        await _shop.UntilAsync("active_on_site");
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync("/jo");
        await _shop.UntilAsync("active_on_site", "active_on_site");

        await page.GotoAsync("/ann");
        await other.WaitForFunctionAsync("JSON.parse(sessionStorage.zoeyKlaviyo).email === ''");
        await other.EvaluateAsync("zoeyKlaviyo.track('viewed_product', {})");
        await page.EvaluateAsync("zoeyKlaviyo.track('viewed_product', {})");

        Assert.Equal("ann@acme.example", Assert.Single(await _shop.UntilAsync("viewed_product"), one => one.Type == "viewed_product").Email);
        Assert.NotNull(await page.EvaluateAsync<string?>("localStorage.zoeyKlaviyo || null"));
    });

    [Fact]
    public Task GuestSignsOut_NothingWaitsForThem() => RunAsync(async page =>
    {
        _shop.Answers.Enqueue(context =>
        {
            context.Response.Headers.RetryAfter = "600";
            return Task.FromResult(context.Response.StatusCode = 503);
        });
        CheckoutPage();
        await page.GotoAsync("/checkout");
        await GuestCheckoutAsync(page, Guest);
        await page.WaitForFunctionAsync("JSON.parse(sessionStorage.zoeyKlaviyo).queue.length === 2");

        await page.EvaluateAsync("zoeyKlaviyo.signOut()");

        Assert.Equal(0, await page.EvaluateAsync<int>("JSON.parse(sessionStorage.zoeyKlaviyo).queue.length"));
    });

    [Fact]
    public Task IdentifiedOnEachPage_ThatPrintsAnEmptyAddress_KeepsTheShopper() => RunAsync(async page =>
    {
        const string Identify = "<script>(window.zoeyKlaviyo = window.zoeyKlaviyo || []).push(['identify', 'jo@acme.example'])</script>";
        _shop.Page("/p", Cart("", 1), Identify + AddForm);
        _shop.Page("/cart", Cart("", 2), Identify);
        await page.GotoAsync("/p");
        await _shop.UntilAsync("active_on_site");

        await page.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        var events = await _shop.UntilAsync("added_to_cart");

        Assert.Single(events.Select(one => one.Visitor.GetProperty("sessionId").GetString()).Distinct());
    });

    [Fact]
    public Task ListsAreListsWithAnOldPrototype() => RunAsync(async page =>
    {
        _shop.Page(
            "/p",
            new { visitor = new { email = Jo }, product = new { id = "101", categories = new[] { "Tools" } } },
            "<script>Array.prototype.toJSON = function () { return '[' + this.join() + ']'; }</script>");
        await page.GotoAsync("/p");

        var viewed = (await _shop.UntilAsync("viewed_product")).First(one => one.Type == "viewed_product");

        Assert.Equal("Tools", viewed.Event.GetProperty("properties").GetProperty("Categories")[0].GetString());
        Assert.True(await page.EvaluateAsync<bool>("!!Array.prototype.toJSON"));
    });

    /// <summary>A page with an open channel is not kept for the Back button.</summary>
    [Fact]
    public Task LeftPage_HasNoOpenChannel() => RunAsync(async page =>
    {
        await page.AddInitScriptAsync("""
            window.channels = new Set();
            window.BroadcastChannel = class extends BroadcastChannel {
              constructor(name) { super(name); channels.add(this); }
              close() { super.close(); channels.delete(this); }
            };
            """);
        _shop.Page("/p", Visitor(Jo));
        await page.GotoAsync("/p");
        await _shop.UntilAsync("active_on_site");

        Assert.Equal(1, await page.EvaluateAsync<int>("channels.size"));
        await page.EvaluateAsync("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))");
        Assert.Equal(0, await page.EvaluateAsync<int>("channels.size"));
        await page.EvaluateAsync("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
        Assert.Equal(1, await page.EvaluateAsync<int>("channels.size"));
    });

    [Fact]
    public Task GuestsAddress_FilledInWithoutAChange_IsTaken_AHalfTypedOneIsNot() => RunAsync(async page =>
    {
        CheckoutPage();
        await page.GotoAsync("/checkout");
        await page.WaitForFunctionAsync("sessionStorage.zoeyKlaviyo");
        await page.EvaluateAsync("document.querySelector('input').value = 'filled@acme.example'");
        await page.GetByLabel("E-mail").Locator("xpath=ancestor::body").ClickAsync(new() { Position = new() { X = 2, Y = 2 } });
        await _shop.UntilAsync("started_checkout");

        await page.GetByLabel("E-mail").FillAsync("guest@acme.co");
        await page.EvaluateAsync("zoeyKlaviyo.page({})");
        await GuestCheckoutAsync(page, "guest@acme.com");
        await _shop.UntilAsync("started_checkout", "started_checkout");

        Assert.Equal(
            ["filled@acme.example", "guest@acme.com"],
            (await _shop.AllAsync(page)).Where(one => one.Type == "started_checkout").Select(one => one.Email));
    });

    [Fact]
    public Task SignOutAtTheCheckout_TheStandingPagesAddressIsNotAGuests() => RunAsync(async page =>
    {
        _shop.Page("/checkout", new { visitor = new { email = Jo }, cart = new { id = "771" }, checkout = new { id = "771", email = Jo } });
        await page.GotoAsync("/checkout");
        await _shop.UntilAsync("started_checkout");

        await page.EvaluateAsync("() => { zoeyKlaviyo.signOut(); zoeyKlaviyo.page({}); }");

        Assert.Equal(2, (await _shop.AllAsync(page)).Count);
    });

    [Theory]
    [InlineData("""<a href="/checkout/cart/add?product=101&qty=1">Add</a>""")]
    [InlineData("""<form action="/checkout/cart/add/" method="post"><input name="product" value="101"><a href="#" onclick="this.closest('form').submit()">Add</a></form>""")]
    [InlineData("""<form action="/checkout/cart/add/" method="post"><input name="product" value="10"><input name="super_group[101]" value="1"><button>Add</button></form>""")]
    public Task AddedToCart_ByAnyMarkupOfAShop(string markup) => RunAsync(async page =>
    {
        _shop.Page("/p", Cart(Jo, 0), markup);
        _shop.Page("/cart", Cart(Jo, 1));
        _shop.Page("/checkout/cart/add", Cart(Jo, 1));
        await page.GotoAsync("/p");
        await _shop.UntilAsync("viewed_product");

        await page.GetByText("Add", new() { Exact = true }).ClickAsync();
        await _shop.UntilAsync("added_to_cart");

        Assert.Single(await _shop.AllAsync(page), one => one.Type == "added_to_cart");
    });

    [Fact]
    public Task AddOfSomebodyUnknown_IsNotSentAfterTheLogIn() => RunAsync(async page =>
    {
        _shop.Page("/p", Cart(null, 0), AddForm.Replace("<form", "<form onsubmit=\"return false\"", StringComparison.Ordinal));
        _shop.Page("/in", Cart(Jo, 1));
        await page.GotoAsync("/p");
        await page.WaitForFunctionAsync("sessionStorage.zoeyKlaviyo");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();

        await page.GotoAsync("/in");
        await _shop.UntilAsync("viewed_product");

        Assert.DoesNotContain("added_to_cart", Types(await _shop.AllAsync(page)));
    });

    [Fact]
    public Task CompareAtPrice_IsTheProductsOwn() => RunAsync(async page =>
    {
        _shop.Page(
            "/p",
            $"""
            <p data-zk-customer="{Jo}"></p><p class="old-price"><span class="price">$99.00</span></p>
            <form id="product_addtocart_form"><input name="product" value="101"><p class="regular-price"><span class="price">$5.00</span></p></form>
            """,
            "catalog-product-view");
        await page.GotoAsync("/p");

        var viewed = (await _shop.UntilAsync("viewed_product")).Last();

        Assert.Contains("\"Price\":5", viewed.Properties, StringComparison.Ordinal);
        Assert.DoesNotContain("CompareAtPrice", viewed.Properties, StringComparison.Ordinal);
    });
}
