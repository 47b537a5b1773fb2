using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using ZoeyKlaviyo.Admin.Feed;

namespace ZoeyKlaviyo.Tests.Orders;

public sealed class PushReaderTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly PushReader _reader;

    public PushReaderTests() => _reader = new PushReader(_time);

    public void Dispose() => _reader.Dispose();

    [Fact]
    public async Task AnnouncedLength_TakesNoMemoryBeforeItArrives()
    {
        // What is needed once only, whoever sends.
        await ReadAsync(new Pipe(), "warm");
        var pipe = new Pipe();
        var context = Context(pipe);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var reading = _reader.ReadAsync(context);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 500_000);
        Assert.False(reading.IsCompleted);
        await pipe.Writer.WriteAsync("[]"u8.ToArray(), TestContext.Current.CancellationToken);
        await pipe.Writer.CompleteAsync();
        var (outcome, body) = await reading;
        Assert.Equal((PushReading.Complete, "[]"), (outcome, System.Text.Encoding.UTF8.GetString(body.Span)));
    }

    [Fact]
    public async Task TooSlow_IsEndedThoughSomethingArrives_AndLeavesItsPlace()
    {
        for (var i = 0; i < 2 * PushReader.AtOnce; i++)
        {
            var pipe = new Pipe();
            var reading = _reader.ReadAsync(Context(pipe));
            await pipe.Writer.WriteAsync("["u8.ToArray(), TestContext.Current.CancellationToken);
            _time.Advance(PushReader.Patience - TimeSpan.FromSeconds(1));
            Assert.False(reading.IsCompleted);
            await pipe.Writer.WriteAsync("1"u8.ToArray(), TestContext.Current.CancellationToken);

            _time.Advance(TimeSpan.FromSeconds(1));

            Assert.Equal(PushReading.TooSlow, (await reading).Reading);
        }
    }

    [Fact]
    public async Task AFewAtATime_AndTheNextOnceOneHasArrived()
    {
        var pipes = Enumerable.Range(0, PushReader.AtOnce).Select(_ => new Pipe()).ToList();
        var readings = pipes.ConvertAll(pipe => _reader.ReadAsync(Context(pipe)));

        Assert.Equal(PushReading.Busy, (await _reader.ReadAsync(Context(new Pipe()))).Reading);

        await pipes[0].Writer.CompleteAsync();
        Assert.Equal(PushReading.Complete, (await readings[0]).Reading);
        Assert.Equal(PushReading.Complete, await ReadAsync(new Pipe(), "[]"));
    }

    private async Task<PushReading> ReadAsync(Pipe pipe, string body)
    {
        await pipe.Writer.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body), TestContext.Current.CancellationToken);
        await pipe.Writer.CompleteAsync();
        return (await _reader.ReadAsync(Context(pipe))).Reading;
    }

    private static DefaultHttpContext Context(Pipe pipe)
    {
        var context = new DefaultHttpContext();
        context.Request.ContentLength = 5_000_000;
        context.Request.Body = pipe.Reader.AsStream();
        return context;
    }
}
