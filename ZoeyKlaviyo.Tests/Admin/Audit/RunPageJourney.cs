using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Browser;
using ZoeyKlaviyo.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace ZoeyKlaviyo.Tests.Admin.Audit;

public sealed class RunPageJourney(BrowserFixture browser, AppFactory app) : IClassFixture<AppFactory>
{
    private const string Failed = "Placed Order · jo@shop-demo.com";

    [Fact]
    public async Task FailedRecord_OpenedWithTheKeyboard_ExplainsItselfAndGivesTheFocusBack()
    {
        var run = await AddFailedRunAsync();

        await browser.RunAsync(app.Address, async page =>
        {
            await page.SignInAsync("Store admin", $"/stores/acme/audit/{run}");
            await Expect(page.Heading("Retries sync")).ToBeVisibleAsync();
            await Expect(page.GetByText("1 × Klaviyo does not take this e-mail address.")).ToBeVisibleAsync();
            await page.ExpectAccessibleAsync();

            var record = page.GetByRole(AriaRole.Button, new() { Name = Failed });
            await record.FocusAsync();
            await page.Keyboard.PressAsync("Enter");
            var drawer = page.GetByRole(AriaRole.Dialog, new() { Name = Failed });
            await Expect(drawer.GetByText("Correct the address in the store.")).ToBeVisibleAsync();
            await Expect(drawer.GetByText("\"email\": \"jo@shop-demo.com\"")).ToBeVisibleAsync();
            await Expect(drawer).ToBeFocusedAsync();
            await page.ExpectAccessibleAsync();

            await page.Keyboard.PressAsync("Escape");
            await Expect(drawer).ToBeHiddenAsync();
            await Expect(record).ToBeFocusedAsync();

            await record.ClickAsync();
            await drawer.GetByRole(AriaRole.Button, new() { Name = "Retry" }).ClickAsync();
            await Expect(drawer.GetByText("Retrying with the next run.")).ToBeVisibleAsync();
        });
    }

    private async Task<long> AddFailedRunAsync()
    {
        var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        return await app.Services.GetRequiredService<Database>().WriteAsync(
            async db =>
            {
                var store = db.Stores.Single(row => row.Key == "acme").Id;
                var run = new Run
                {
                    StoreId = store,
                    Kind = SyncKind.Retries,
                    Trigger = RunTrigger.Schedule,
                    Status = RunStatus.Failed,
                    QueuedUtc = now,
                    StartedUtc = now,
                    FinishedUtc = now,
                    Message = "0 sent, 1 not sent.",
                };
                var payload = new Payload
                {
                    StoreId = store,
                    AccountId = "ABC123",
                    Metric = Metrics.PlacedOrder,
                    Email = "jo@shop-demo.com",
                    UniqueId = "order-1",
                    Properties = """{"OrderId":"1"}""",
                    State = PayloadState.Failed,
                    IsRetry = true,
                    Attempts = 2,
                    OccurredUtc = now,
                    ReceivedUtc = now,
                };
                db.AddRange(run, payload);
                await db.SaveChangesAsync(TestContext.Current.CancellationToken);
                db.RunRecords.Add(new RunRecord
                {
                    RunId = run.Id,
                    StoreId = store,
                    PayloadId = payload.Id,
                    Record = Failed,
                    Operation = "Send event",
                    Result = RecordResult.Failed,
                    HttpStatus = 400,
                    Error = "Invalid email address",
                    Answer = """{"errors":[]}""",
                    ErrorCode = "invalid_email",
                    AtUtc = now,
                });
                return run.Id;
            },
            TestContext.Current.CancellationToken);
    }
}
