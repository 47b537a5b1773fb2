namespace ZoeyKlaviyo.Sandbox.Pages;

internal static class Layout
{
    private static readonly (string Path, string Name)[] s_links = [("/", "Sandbox"), ("/klaviyo", "What arrived"), ("/faults", "Faults"), ("/shop", "Demo shop")];

    /// <param name="title">HTML.</param>
    public static string Page(string title, string current, string body, string? script = null, string? headTitle = null) => Document(
        headTitle ?? title,
        current,
        $"""
        <main id="main">
          <h1>{title}</h1>
          {body}
        </main>
        """,
        script is null ? "" : $"<script src=\"/assets/{script}\" type=\"module\"></script>");

    /// <param name="content">All below the sandbox's own bar, with the element <c>main</c>.</param>
    public static string Document(string title, string current, string content, string head = "", string bodyAttributes = "") => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <title>{title} · Sandbox</title>
          <link rel="stylesheet" href="/assets/site.css">
          <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
          {head}
        </head>
        <body{bodyAttributes}>
          <a class="skip" href="#main">Skip to content</a>
          <header class="bar">
            <nav aria-label="Sandbox">
              <ul>{Html.Join(s_links, link => $"<li><a href=\"{link.Path}\"{(link.Path == current ? " aria-current=\"page\"" : "")}>{link.Name}</a></li>")}</ul>
            </nav>
          </header>
          {content}
        </body>
        </html>
        """;
}
