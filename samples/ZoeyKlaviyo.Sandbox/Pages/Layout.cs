namespace ZoeyKlaviyo.Sandbox.Pages;

internal static class Layout
{
    private static readonly (string Path, string Name)[] s_links = [("/", "Sandbox"), ("/klaviyo", "What arrived"), ("/faults", "Faults"), ("/shop", "Demo shop")];

    public static string Page(string title, string current, string body, string? script = null, string? headTitle = null) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <title>{headTitle ?? title} · Sandbox</title>
          <link rel="stylesheet" href="/assets/site.css">
          <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
          {(script is null ? "" : $"<script src=\"/assets/{script}\" type=\"module\"></script>")}
        </head>
        <body>
          <a class="skip" href="#main">Skip to content</a>
          <header class="bar">
            <nav aria-label="Sandbox">
              <ul>{Html.Join(s_links, link => $"<li><a href=\"{link.Path}\"{(link.Path == current ? " aria-current=\"page\"" : "")}>{link.Name}</a></li>")}</ul>
            </nav>
          </header>
          <main id="main">
            <h1>{title}</h1>
            {body}
          </main>
        </body>
        </html>
        """;
}
