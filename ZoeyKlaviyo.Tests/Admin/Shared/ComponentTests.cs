using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ZoeyKlaviyo.Admin.Shared;

namespace ZoeyKlaviyo.Tests.Admin.Shared;

public sealed class ComponentTests : BunitContext
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 17, 0, 0, TimeSpan.Zero));

    public ComponentTests()
    {
        Services.AddSingleton<TimeProvider>(_time);
        Services.AddScoped<MinuteClock>();
    }

    [Fact]
    public void LocalTime_Shown_CarriesTheExactTimeInUtc()
    {
        var time = Render<LocalTime>(parameters => parameters.Add(time => time.Value, _time.GetUtcNow().ToOffset(TimeSpan.FromHours(-5)))).Find("time");

        Assert.Equal(("2026-11-23T17:00:00Z", "2026-11-23 17:00:00 UTC"), (time.GetAttribute("datetime"), time.GetAttribute("title")));
    }

    [Fact]
    public void LocalTime_WhileThePageStaysOpen_KeepsAgeing()
    {
        var shown = Render<LocalTime>(parameters => parameters.Add(time => time.Value, _time.GetUtcNow()));

        _time.Advance(TimeSpan.FromMinutes(5));

        shown.WaitForAssertion(() => Assert.Equal("5 min ago", shown.Find("time").TextContent));
    }

    [Theory]
    [InlineData(Tone.Good, "good")]
    [InlineData(Tone.Bad, "bad")]
    public void StatusChip_AnyTone_SaysTheStateInWords(Tone tone, string expected)
    {
        var chip = Render<StatusChip>(parameters => parameters.Add(chip => chip.Text, "Working").Add(chip => chip.Tone, tone)).Find(".status-chip");

        Assert.Equal(("Working", expected), (chip.TextContent.Trim(), chip.GetAttribute("data-tone")));
    }
}
