using MudBlazor;

namespace ZoeyKlaviyo.Admin.Shell;

/// <summary>
/// Colours and type of the whole application. Every state colour has a contrast of at least 4.5 : 1 against what it is drawn
/// on, as text and as fill, in both palettes. <c>wwwroot/app.css</c> repeats the few that pages without a circuit need.
/// </summary>
public static class Theme
{
    private static readonly string[] s_fonts =
        ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Noto Sans", "Liberation Sans", "Arial", "sans-serif"];

    public static MudTheme Default { get; } = new()
    {
        PaletteLight = Light(),
        PaletteDark = Dark(),
        Typography = Type(),
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px", AppbarHeight = "56px", DrawerWidthLeft = "216px" },
    };

    private static PaletteLight Light() => new()
    {
        Primary = "#1f4f8b",
        Secondary = "#5b4a8a",
        Info = "#1f4f8b",
        InfoDarken = "#173c6a",
        Success = "#0b6b2b",
        SuccessDarken = "#075222",
        Warning = "#8a4b00",
        WarningDarken = "#6b3a00",
        Error = "#a8181f",
        ErrorDarken = "#861319",
        Background = "#f5f7fa",
        Surface = "#ffffff",
        AppbarBackground = "#ffffff",
        AppbarText = "#1b2430",
        DrawerBackground = "#ffffff",
        DrawerText = "#333f4e",
        DrawerIcon = "#4a5667",
        TextPrimary = "#1b2430",
        TextSecondary = "#4a5667",
        ActionDefault = "#4a5667",
        LinesDefault = "#dde2e9",
        LinesInputs = "#7b8696",
        TableLines = "#e4e8ee",
        Divider = "#dde2e9",
    };

    private static PaletteDark Dark() => new()
    {
        Primary = "#8fb8f0",
        PrimaryContrastText = "#0d1b2c",
        Secondary = "#c3b5ee",
        SecondaryContrastText = "#191330",
        Info = "#8fb8f0",
        InfoContrastText = "#0d1b2c",
        InfoDarken = "#b3d0f7",
        Success = "#79d394",
        SuccessContrastText = "#062412",
        SuccessDarken = "#a1e2b4",
        Warning = "#f0b862",
        WarningContrastText = "#2a1a00",
        WarningDarken = "#f6d19b",
        Error = "#ff9a94",
        ErrorContrastText = "#350708",
        ErrorDarken = "#ffc0bc",
        Background = "#12171d",
        Surface = "#1b222b",
        AppbarBackground = "#1b222b",
        AppbarText = "#e6ebf2",
        DrawerBackground = "#1b222b",
        DrawerText = "#c6cfda",
        DrawerIcon = "#a9b4c2",
        TextPrimary = "#e6ebf2",
        TextSecondary = "#a9b4c2",
        ActionDefault = "#a9b4c2",
        LinesDefault = "#323c48",
        LinesInputs = "#7d8a9a",
        TableLines = "#2b343f",
        Divider = "#323c48",
    };

    private static Typography Type() => new()
    {
        Default = new DefaultTypography { FontFamily = s_fonts, FontSize = "0.9375rem", LineHeight = "1.5", LetterSpacing = "normal" },
        H1 = new H1Typography { FontSize = "1.5rem", FontWeight = "600", LineHeight = "1.25", LetterSpacing = "-0.01em" },
        H2 = new H2Typography { FontSize = "1.125rem", FontWeight = "600", LineHeight = "1.35", LetterSpacing = "normal" },
        H3 = new H3Typography { FontSize = "1rem", FontWeight = "600", LineHeight = "1.4", LetterSpacing = "normal" },
        Body1 = new Body1Typography { FontSize = "0.9375rem", LineHeight = "1.55", LetterSpacing = "normal" },
        Body2 = new Body2Typography { FontSize = "0.875rem", LineHeight = "1.5", LetterSpacing = "normal" },
        Button = new ButtonTypography { FontSize = "0.875rem", FontWeight = "600", LetterSpacing = "normal", TextTransform = "none" },
    };
}
