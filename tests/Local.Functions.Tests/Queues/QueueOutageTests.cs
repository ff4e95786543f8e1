using Azure.Storage.Queues;
using FunctionsBroker.Local.Functions.Tests.Harness;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Tests.Queues;

[Trait("Category", "Emulator")]
public sealed class QueueOutageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Storage_ThatGoesAwayAndComesBack_IsReadAgainAndLoggedOnce()
    {
        await using var azurite = await Azurite.StartOnDiskAsync(Cancellation);
        var source = AzuriteFixture.UniqueName("in");
        await using var app = await TestApp.StartAsync(
            [typeof(QueueFunctions.Text)],
            builder => builder.Services.AddSingleton<Signals>(),
            settings: [("AzureWebJobsStorage", azurite.ConnectionString), ("Source", source)]);
        var queue = new QueueClient(azurite.ConnectionString, source, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        await Eventually.BecomesTrueAsync(async () => (await queue.ExistsAsync(Cancellation)).Value, Cancellation);

        await azurite.StopAsync(Cancellation);
        await Eventually.BecomesTrueAsync(() => app.Logs.Lines.Any(line => line.Level is LogLevel.Error), Cancellation);
        await azurite.StartAsync(Cancellation);
        await queue.SendMessageAsync("after", Cancellation);

        await Eventually.BecomesTrueAsync(() => app.Services.GetRequiredService<Signals>().Notes.Contains("after"), Cancellation);
        Assert.Single(app.Logs.Lines, line => line.Level is LogLevel.Error);
    }
}
