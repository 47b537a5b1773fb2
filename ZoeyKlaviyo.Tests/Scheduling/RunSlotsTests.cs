using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Tests.Scheduling;

public sealed class RunSlotsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly RunWakeup _wakeup = new();

    public void Dispose() => _wakeup.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(8, 7)]
    public void BulkRuns_LeaveOneSlotToDelivery(int size, int expected)
    {
        var slots = Slots(size);
        var bulk = 0;
        for (; slots.HasRoom(Lane.Bulk); bulk++)
            slots.Take(Lane.Bulk);

        Assert.Equal((expected, size > 1), (bulk, slots.HasRoom(Lane.Delivery)));
    }

    [Fact]
    public void Delivery_MayTakeAll()
    {
        var slots = Slots(3);
        for (var taken = 0; taken < 3; taken++)
        {
            Assert.True(slots.HasRoom(Lane.Delivery));
            slots.Take(Lane.Delivery);
        }

        Assert.False(slots.HasRoom(Lane.Delivery));
        Assert.False(slots.HasRoom(Lane.Bulk));
    }

    [Fact]
    public async Task Waiting_HoldsNoSlotAndTakesItBackWhenThereIsRoom()
    {
        var slots = Slots(1);
        var bulk = slots.Take(Lane.Bulk);
        var waiting = bulk.WaitAsync(TimeSpan.FromMinutes(30), TestContext.Current.CancellationToken);
        var delivery = slots.Take(Lane.Delivery);
        Assert.False(slots.HasRoom(Lane.Delivery));

        _time.Advance(TimeSpan.FromMinutes(30));
        slots.TakeBack(Lane.Bulk);
        Assert.False(waiting.IsCompleted);

        delivery.Dispose();
        await BackAsync(slots, waiting);
        Assert.False(slots.HasRoom(Lane.Delivery));
        bulk.Dispose();
        Assert.True(slots.HasRoom(Lane.Bulk));
    }

    [Fact]
    public async Task AllWaiting_AllComeBackOneAfterTheOther()
    {
        var slots = Slots(1);
        var waiting = Enumerable.Range(0, 5).Select(_ =>
        {
            var slot = slots.Take(Lane.Bulk);
            return (Slot: slot, Wait: slot.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        }).ToList();
        _time.Advance(TimeSpan.FromMinutes(1));

        while (waiting.Count > 0)
        {
            await BackAsync(slots, Task.WhenAny(waiting.Select(one => one.Wait)));
            var (slot, _) = Assert.Single(waiting, one => one.Wait.IsCompletedSuccessfully);
            slot.Dispose();
            waiting.RemoveAll(one => one.Slot == slot);
        }

        Assert.True(slots.HasRoom(Lane.Bulk));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task CancelledWhileItWaits_EndsAtOnceWithoutASlot(int minutes)
    {
        var slots = Slots(1);
        using var cancel = new CancellationTokenSource();
        var slot = slots.Take(Lane.Bulk);
        var waiting = slot.WaitAsync(TimeSpan.FromMinutes(1), cancel.Token);
        _time.Advance(TimeSpan.FromMinutes(minutes));

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        slots.TakeBack(Lane.Bulk);
        Assert.True(slots.HasRoom(Lane.Bulk));
    }

    private RunSlots Slots(int size) => new(Options.Create(new SyncOptions { MaxParallelRuns = size }), _wakeup, _time);

    /// <summary>What the dispatcher does whenever it is woken; a wait that is over reports back a moment later.</summary>
    private static async Task BackAsync(RunSlots slots, Task waiting)
    {
        while (!waiting.IsCompleted)
        {
            slots.TakeBack(Lane.Bulk);
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        await waiting;
    }
}
