using System.Globalization;
using System.Text;
using ZoeyKlaviyo.Admin.Storefront;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Storefront;

/// <summary>The short script is the same program; the journeys play the real one.</summary>
public sealed class ScriptMinifierTests(BrowserFixture browser, TestShop shop) : IClassFixture<TestShop>
{
    private const string Run = "script => { new Function(`'use strict';` + script)(); return JSON.stringify(window.result); }";

    /// <summary>More names than there are letters; each function has its own, one of them called as a name of all is.</summary>
    private static string Program()
    {
        var all = Enumerable.Range(0, 70).Select(i => $"all{i}").ToList();
        var source = new StringBuilder("// What all functions know.\n(config => {\n  const out = window.result = [];\n  let ");
        source.AppendJoin(", ", all.Select((name, i) => $"{name} = {i}")).Append(";\n");
        for (var i = 0; i < 70; i++)
        {
            source.Append(CultureInfo.InvariantCulture, $"  const use{i} = (first, second, all{(i + 1) % 70}) => {{ const sum = first * 2 + second * 3 + all{i}; let list = [sum, all{(i + 1) % 70}]; return {{ sum: sum, list: list }}; }};\n");
            source.Append(CultureInfo.InvariantCulture, $"  out.push(use{i}({i}, all69, config.by));\n");
        }

        return source.Append("  out.push([").AppendJoin(", ", all).Append("]);\n})({ by: 5 });").ToString();
    }

    [Fact]
    public Task Minified_DoesTheSameAsItsSource() => browser.RunAsync(shop.Address, async page =>
    {
        await page.GotoAsync("/");
        var source = Program();
        var minified = ScriptMinifier.Minify(source);

        Assert.Equal(await page.EvaluateAsync<string>(Run, source), await page.EvaluateAsync<string>(Run, minified));
        Assert.True(minified.Length < source.Length * 2 / 3, minified);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task RealScript_Parses(bool isActive) => browser.RunAsync(shop.Address, async page =>
    {
        var script = Encoding.UTF8.GetString(new TrackingScript().Render(shop.Settings with { IsActive = isActive })[^1].Bytes);
        await page.GotoAsync("/");

        await page.EvaluateAsync("script => { new Function(`'use strict';` + script) }", script);
    });
}
