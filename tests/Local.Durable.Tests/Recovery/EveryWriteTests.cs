using Azure;
using Azure.Data.Tables;
using FunctionsBroker.CrashApp;
using FunctionsBroker.Local.Durable.Ownership;
using FunctionsBroker.Local.Durable.Tests.Harness;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.Local.Durable.Tests.Recovery;

/// <summary>
/// Every single write of a workload fails once, before or after the service has done it. Either the engine goes on, or it
/// is dropped there and another takes the hub over; in the end nothing of it must be seen.
/// </summary>
[Trait("Category", "Emulator")]
public sealed class EveryWriteTests(AzuriteFixture azurite)
{
    private const int HubsAtATime = 6;
    private const int FewestWrites = 60;

    [Theory(Timeout = 4 * TestTimeouts.DefaultMilliseconds)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task AnyOneWrite_ThatFails_LeavesNoTrace(bool answerLost, bool abandoned)
    {
        using WriteFault none = new(0, answerLost, abandoned);
        string uncut = await RunAsync(none, TestContext.Current.CancellationToken);
        int last = 0;
        int failed = 0;

        await Parallel.ForEachAsync(
            Enumerable.Range(0, HubsAtATime),
            new ParallelOptions { MaxDegreeOfParallelism = HubsAtATime, CancellationToken = TestContext.Current.CancellationToken },
            async (_, cancellationToken) =>
            {
                bool reached = true;
                while (reached)
                {
                    int write = Interlocked.Increment(ref last);
                    using WriteFault fault = new(write, answerLost, abandoned);
                    string end = await RunAsync(fault, cancellationToken).WaitAsync(TestTimeouts.Default, cancellationToken);
                    Assert.True(uncut == end, $"When write {write} failed:\n{end}\ninstead of\n{uncut}");
                    reached = fault.Happened.IsCancellationRequested;
                    Interlocked.Add(ref failed, reached ? 1 : 0);
                }
            });

        Assert.True(failed >= FewestWrites, $"Only {failed} writes failed.");
    }

    private async Task<string> RunAsync(WriteFault fault, CancellationToken cancellationToken)
    {
        string name = AzuriteFixture.UniqueName("hub");
        TableClientOptions faulty = fault.Connect();
        while (true)
        {
            // Each as a process that has ended, so that the next need not wait for its claim to run out.
            OwnerIdentity identity = OwnerIdentity.Current with { ProcessStart = "of a dead process" };
            TableClientOptions connection = fault.IsOver ? new TableClientOptions() : faulty;
            await using TaskHub hub = new(
                new TableServiceClient(azurite.ConnectionString, connection),
                new TaskHubOptions { HubName = name },
                CrashApp.Workload.Registry(),
                NullLoggerFactory.Instance,
                TimeProvider.System,
                identity);
            using CancellationTokenSource abandoned =
                CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, fault.IsOver ? CancellationToken.None : fault.Abandoned);
            try
            {
                await hub.StartAsync(abandoned.Token);
                await new Script(hub.Client, abandoned.Token).RunAsync();
                return await Snapshot.TakeAsync(hub.Client, abandoned.Token);
            }
            catch (Exception exception) when (IsOfTheFault(exception) && !cancellationToken.IsCancellationRequested)
            {
                // A start or a query that failed is tried again, as its caller would; a hub that was dropped is followed by another.
            }
        }
    }

    private static bool IsOfTheFault(Exception exception) =>
        exception is RequestFailedException or OperationCanceledException or OwnershipLostException
        || (exception is AggregateException many && many.InnerExceptions.All(IsOfTheFault));
}
