using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace ZoeyKlaviyo.Bench;

/// <summary>A process of its own that takes a line and answers with a line of JSON, so that nobody measures in another's process.</summary>
internal sealed class Child : IAsyncDisposable
{
    private readonly string _name;
    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private Child(string name, ProcessStartInfo start)
    {
        _name = name;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
                _errors.AppendLine(line.Data);
        };
        _process.BeginErrorReadLine();
    }

    /// <summary>This program again, in another role.</summary>
    public static Child Start(string role, params IEnumerable<string> arguments) =>
        new(role, new ProcessStartInfo("dotnet", [typeof(Child).Assembly.Location, role, .. arguments]));

    public static Child StartNode(string script, params IEnumerable<string> arguments) =>
        new("node", new ProcessStartInfo(Environment.GetEnvironmentVariable("NODE") ?? "node", [script, .. arguments]));

    /// <exception cref="InvalidOperationException">The process ended instead; the message has what it printed.</exception>
    public async Task<JsonElement> ReadAsync()
    {
        if (await _process.StandardOutput.ReadLineAsync() is { } line)
            return JsonElement.Parse(line);
        await _process.WaitForExitAsync();
        lock (_errors)
            throw new InvalidOperationException($"The process \"{_name}\" ended with {_process.ExitCode}:\n{_errors}");
    }

    public async Task<JsonElement> AskAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
        return await ReadAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>The child's side of it.</summary>
    public static void Answer(object value) => Console.Out.WriteLine(JsonSerializer.Serialize(value));
}
