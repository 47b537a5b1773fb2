using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace ZoeyKlaviyo.Bench.Intake;

/// <summary>
/// Each connection sends its next request when the last one is answered. One thread asks the kernel which sockets can be read, so that
/// the generator costs the server, which runs on the same cores, as little as it can.
/// </summary>
internal sealed class LoadGenerator(Uri target, int connections, BrowserRequests requests) : IDisposable
{
    private readonly List<Socket> _sockets = Enumerable.Range(0, connections).Select(_ => Connect(target)).ToList();
    private readonly Dictionary<Socket, (byte[] Buffer, int Length)> _answers = [];

    public static async Task RunAsync(BenchOptions options)
    {
        Child.Answer(new { ready = true });
        var number = 0L;
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var parts = line.Split(' ');
            var target = new Uri(parts[0]);
            var requests = new BrowserRequests(target, TimeProvider.System.GetUtcNow(), number);
            using var generator = new LoadGenerator(target, options.Connections, requests);
            var duration = TimeSpan.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
            var (answered, accepted, elapsed) = generator.Run(duration);
            number = requests.Number;
            Child.Answer(new { answered, accepted, perSecond = answered / elapsed.TotalSeconds });
        }
    }

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    /// <returns>All answers, and how many of them were 202 with an event accepted, or without a body.</returns>
    private (long Answered, long Accepted, TimeSpan Elapsed) Run(TimeSpan duration)
    {
        var (answered, accepted) = (0L, 0L);
        var start = TimeProvider.System.GetTimestamp();
        foreach (var socket in _sockets)
        {
            _answers[socket] = (new byte[4096], 0);
            Send(socket);
        }

        var (open, ready) = (_sockets.Count, new List<Socket>(_sockets.Count));
        var waiting = new HashSet<Socket>(_sockets);
        TimeSpan elapsed = default;
        while (open > 0)
        {
            ready.Clear();
            ready.AddRange(waiting);
            Socket.Select(ready, null, null, TimeSpan.FromSeconds(10));
            if (ready.Count == 0)
                throw new InvalidOperationException($"{target} has not answered for ten seconds.");
            var isOver = TimeProvider.System.GetElapsedTime(start) >= duration;
            foreach (var socket in ready)
            {
                if (Receive(socket) is not { } isAccepted)
                    continue;
                answered++;
                accepted += isAccepted ? 1 : 0;
                if (!isOver)
                {
                    Send(socket);
                    continue;
                }

                elapsed = TimeProvider.System.GetElapsedTime(start);
                waiting.Remove(socket);
                open--;
            }
        }

        return (answered, accepted, elapsed);
    }

    private void Send(Socket socket)
    {
        var request = requests.Next();
        for (var sent = 0; sent < request.Length;)
            sent += socket.Send(request[sent..]);
    }

    /// <returns>Null while the answer is not complete.</returns>
    private bool? Receive(Socket socket)
    {
        var (buffer, length) = _answers[socket];
        var read = socket.Receive(buffer.AsSpan(length));
        if (read == 0)
            throw new InvalidOperationException($"{target} closed a connection.");
        var answer = buffer.AsSpan(0, length + read);
        var isComplete = IsComplete(answer);
        _answers[socket] = (buffer, isComplete ? 0 : answer.Length);
        return !isComplete ? null
            : answer.StartsWith("HTTP/1.1 202"u8) && (answer.IndexOf("\"accepted\":1"u8) >= 0 || answer.IndexOf("Content-Length: 0"u8) >= 0);
    }

    private static bool IsComplete(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var at = answer[..end].IndexOf("Content-Length: "u8);
        if (at < 0)
            return answer.EndsWith("0\r\n\r\n"u8);
        return Utf8Parser.TryParse(answer[(at + "Content-Length: ".Length)..], out int length, out _) && answer.Length == end + 4 + length;
    }

    private static Socket Connect(Uri target)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Parse(target.Host), target.Port);
        return socket;
    }
}
