using System.Diagnostics;

namespace ZoeyKlaviyo.Tests.Fixtures;

/// <summary>Starts the host as an operator does.</summary>
internal static class AdminProcess
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "ZoeyKlaviyo.Admin.dll");

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>A start that is refused.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunToEndAsync(
        Dictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", Path)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (key, value) in settings)
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
