using System.Diagnostics;

namespace ZoeyKlaviyo.Tests.Fixtures;

/// <summary>
/// An OpenID Connect provider as a process of its own, on a free port: <c>ana</c> is an admin of acme, <c>sam</c> is support,
/// <c>nora</c> has no role.
/// </summary>
public sealed class OidcProvider : IAsyncDisposable
{
    public const string ClientId = "zoeyklaviyo";
    public const string ClientSecret = "a-secret-for-tests-only";

    private readonly Process _process;

    private OidcProvider(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public static async Task<OidcProvider> StartAsync(bool claimsInIdToken = false)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("NODE") is { Length: > 0 } node ? node : "node", "server.mjs")
        {
            WorkingDirectory = Path.Combine(Repository.Root, "ZoeyKlaviyo.Tests", "Fixtures", "OidcProvider"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["CLAIMS_IN_ID_TOKEN"] = claimsInIdToken ? "true" : "false";
        var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        if (await process.StandardOutput.ReadLineAsync() is not { } address)
            throw new InvalidOperationException($"The OpenID Connect provider did not start; has \"npm ci\" run in {start.WorkingDirectory}?\n{await errors}");
        return new OidcProvider(process, new Uri(address));
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
