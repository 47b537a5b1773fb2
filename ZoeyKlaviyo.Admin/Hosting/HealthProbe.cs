using System.Globalization;

namespace ZoeyKlaviyo.Admin.Hosting;

/// <summary>Asks the process that runs in the same container whether it is ready; images without curl have no other means.</summary>
internal static class HealthProbe
{
    public const string Argument = "--healthcheck";

    /// <returns>The exit code: 0 when ready.</returns>
    public static async Task<int> RunAsync()
    {
        var port = Port(Environment.GetEnvironmentVariable("ASPNETCORE_URLS"), Environment.GetEnvironmentVariable("ASPNETCORE_HTTP_PORTS"));
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(4) };
        try
        {
            using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/healthz/ready"));
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or UriFormatException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    /// <summary>Where the process listens: addresses go before ports, as in the process itself.</summary>
    internal static int Port(string? urls, string? ports)
    {
        var list = (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (list.FirstOrDefault(url => url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) is { } address)
            return BindingAddress.Parse(address).Port;
        return int.TryParse(ports?.Split(';')[0], CultureInfo.InvariantCulture, out var port) ? port : BindingAddress.Parse(AdminApp.DefaultUrl).Port;
    }
}
