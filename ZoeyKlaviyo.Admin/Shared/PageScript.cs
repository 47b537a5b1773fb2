using Microsoft.JSInterop;

namespace ZoeyKlaviyo.Admin.Shared;

/// <summary>The functions of <c>wwwroot/page.js</c>. Does nothing once the browser is gone.</summary>
internal sealed class PageScript(IJSRuntime browser, string path) : IAsyncDisposable
{
    private Task<IJSObjectReference>? _module;

    public async Task<bool> CopyAsync(string text)
    {
        try
        {
            return await (await ModuleAsync()).InvokeAsync<bool>("copy", text);
        }
        catch (JSDisconnectedException)
        {
            return false;
        }
    }

    /// <summary>Scrolls to the element.</summary>
    public async Task RevealAsync(string id)
    {
        try
        {
            await (await ModuleAsync()).InvokeVoidAsync("reveal", id);
        }
        catch (JSDisconnectedException)
        {
            // Gone with the page.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_module is not { IsCompletedSuccessfully: true } module)
            return;
        try
        {
            await (await module).DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // Gone with the page.
        }
    }

    private Task<IJSObjectReference> ModuleAsync() => _module ??= browser.InvokeAsync<IJSObjectReference>("import", $"./{path}").AsTask();
}
