using System.Text;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Sandbox.Zoey.Catalog;

namespace ZoeyKlaviyo.Tests.Catalog;

/// <summary>A store's product export as the source of which variant belongs to which product.</summary>
public sealed class VariantLinkFileTests : IAsyncLifetime
{
    private const string Header = "sku,name,_type,_super_products_sku,_super_attribute_code\r\n";
    private CatalogHost _host = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await CatalogHost.StartAsync(DatabaseProvider.Sqlite);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task TheStoresExport_TellsTheVariants_WhereTheStoreDoesNot()
    {
        _host.Store.Quirks = _host.Store.Quirks with { ParentId = false };
        // No SKU begins with the product's, and the variants can be found by themselves.
        foreach (var id in new[] { "105", "106", "107" })
            _host.Change(id, new() { ["sku"] = $"X{id}", ["visibility"] = "4", ["parent_id"] = "104" });
        var export = string.Concat(ProductCsv.Write(new StoreCatalog(_host.Store).Now));
        foreach (var id in new[] { "105", "106", "107" })
            _host.Change(id, new() { ["parent_id"] = null });

        var outcome = await TakeAsync(Encoding.UTF8.GetBytes(export));
        await _host.SyncAsync();

        Assert.Equal((3, null), (outcome.Links, outcome.Problem));
        Assert.Equal(["101", "102", "103", "104"], _host.Items.Select(item => item.Id).Order());
        Assert.All(new[] { "105", "106", "107" }, id => Assert.Equal("104", _host.Variant($"v-{id}").Item));
    }

    /// <summary>Rows without a SKU go on with the product above.</summary>
    [Fact]
    public async Task ContinuedRows_BelongToTheProductAbove()
    {
        await TakeAsync(Header + "TEE,Tee,configurable,TEE-M,size\r\n,,,TEE-L,size\r\n,,,,\r\n,,,TEE-XL,size\r\nTEE-M,Tee M,simple,,\r\nMUG,\"Mug\r\nwith, handle\",simple,,\r\nCAP,Cap,configurable,CAP-1,size\r\n");

        Assert.Equal("CAP-1>CAP TEE-L>TEE TEE-M>TEE TEE-XL>TEE", await LinksAsync());
    }

    [Theory]
    [InlineData("utf-8", ',')]
    [InlineData("utf-8", ';')]
    [InlineData("utf-8", '\t')]
    [InlineData("utf-16", ';')]
    [InlineData("bom", ',')]
    public async Task HoweverTheSpreadsheetSavedIt_ItIsRead(string encoding, char delimiter)
    {
        var text = (Header + "\"TÉE\",Tee,configurable,TÉE-M,size\r\n").Replace(',', delimiter);
        var code = encoding == "utf-16" ? Encoding.Unicode : new UTF8Encoding(encoding == "bom");

        var outcome = await TakeAsync([.. code.GetPreamble(), .. code.GetBytes(text)]);

        Assert.Equal((1, null), (outcome.Links, outcome.Problem));
        Assert.Equal("TÉE-M>TÉE", await LinksAsync());
    }

    [Fact]
    public async Task ColumnOfParents_IsAsGood() =>
        Assert.Equal(2, (await TakeAsync("name,SKU,Parent_SKU\nTee M,TEE-M,TEE\nTee,TEE,\nTee L,TEE-L,TEE\nSelf,S,S\n")).Links);

    [Fact]
    public async Task SecondFile_TakesThePlaceOfTheFirst()
    {
        await TakeAsync(Header + "TEE,Tee,configurable,TEE-M,size\r\n");

        await TakeAsync(Header + "CAP,Cap,configurable,CAP-1,size\r\n");

        Assert.Equal("CAP-1>CAP", await LinksAsync());
        Assert.Equal(2, await _host.Core.ReadAsync(db => db.SettingChanges.CountAsync(change => change.Subject == "Products of variants, from a file", Cancel)));
    }

    [Theory]
    [InlineData("PK\u0003\u0004 xlsx", "save it as")]
    [InlineData("sku,name\r\nTEE,Tee\r\n", "has no columns")]
    [InlineData("", "has no columns")]
    [InlineData("sku,_super_products_sku\r\nTEE,\r\n", "names no product for any variant")]
    public async Task WhatTellsNothing_LeavesWhatThereIs_AndSaysWhatToDo(string file, string words)
    {
        await TakeAsync(Header + "TEE,Tee,configurable,TEE-M,size\r\n");

        var outcome = await TakeAsync(file);

        Assert.Contains(words, outcome.Problem, StringComparison.Ordinal);
        Assert.Equal("TEE-M>TEE", await LinksAsync());
    }

    [Fact]
    public async Task ManyVariants_AreAllTaken()
    {
        var text = new StringBuilder(Header);
        for (var product = 0; product < 500; product++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"P{product},Product,configurable,P{product}-0,size\r\n");
            for (var variant = 1; variant < 20; variant++)
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $",,,P{product}-{variant},size\r\n");
        }

        Assert.Equal(10_000, (await TakeAsync(text.ToString())).Links);
        Assert.Equal(10_000, await _host.Core.ReadAsync(db => db.VariantLinks.CountAsync(Cancel)));
    }

    [Fact]
    public async Task FileWithoutEnd_IsNotReadToIt()
    {
        var outcome = await _host.Core.Get<VariantLinkFile>().TakeAsync(_host.Core.Store, new Subscribers.Csv.EndlessRows(int.MaxValue), null, Cancel);

        Assert.Contains("has no columns", outcome.Problem, StringComparison.Ordinal);
    }

    private Task<VariantLinkOutcome> TakeAsync(string text) => TakeAsync(Encoding.UTF8.GetBytes(text));

    private async Task<VariantLinkOutcome> TakeAsync(byte[] bytes)
    {
        using var file = new MemoryStream(bytes);
        return await _host.Core.Get<VariantLinkFile>().TakeAsync(_host.Core.Store, file, null, Cancel);
    }

    private async Task<string> LinksAsync() =>
        string.Join(' ', (await _host.Core.ReadAsync(db => db.VariantLinks.ToListAsync(Cancel))).Select(link => $"{link.Sku}>{link.ParentSku}").Order(StringComparer.Ordinal));
}
