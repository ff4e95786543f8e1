using FunctionsBroker.Cli.Conversation;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Cli.Tests.Conversation;

public sealed class TurnPrinterTests
{
    private static readonly TurnEvent s_completed =
        new TurnEvent.Completed(new Reply { Text = "four", Transport = "stream-json", Notices = ["Began afresh."] });

    [Fact]
    public async Task Print_Live_ShowsTheTextAsItComesAndTheRestBesideIt()
    {
        var (output, notes) = await PrintAsync(
            isLive: true,
            new TurnEvent.Accepted(DateTimeOffset.UnixEpoch),
            new TurnEvent.Queued(2),
            new TurnEvent.Started(DateTimeOffset.UnixEpoch),
            new TurnEvent.Delta("fo"),
            new TurnEvent.Delta("ur"),
            new TurnEvent.Tool("t", ToolState.Started) { Name = "Bash", Input = "{\n}" },
            new TurnEvent.Tool("t", ToolState.Ended) { IsError = true, Output = "no such file" },
            new TurnEvent.Delta("four"),
            s_completed);

        Assert.Equal(["four", "four"], output);
        Assert.Equal(["(waits, number 2)", "(Bash { })", "(failed: no such file)", "(Began afresh.)"], notes);
    }

    [Fact]
    public async Task Print_NotLive_ShowsTheReplyWholeAndOnce()
    {
        var (output, _) = await PrintAsync(isLive: false, new TurnEvent.Delta("fo"), new TurnEvent.Reset("again"), new TurnEvent.Delta("four"), s_completed);

        Assert.Equal(["four"], output);
    }

    [Fact]
    public async Task Print_Reset_SaysThatTheTextAboveIsVoid()
    {
        var (output, notes) = await PrintAsync(isLive: true, new TurnEvent.Delta("wro"), new TurnEvent.Reset("The host went away."), new TurnEvent.Delta("four"), s_completed);

        Assert.Equal(["wro", "four"], output);
        Assert.Contains(notes, note => note.Contains("The host went away.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Print_Question_SaysWhatIsAsked()
    {
        var (_, notes) = await PrintAsync(
            isLive: true,
            new TurnEvent.Permission("r", PermissionState.Asked) { ToolName = "Bash", Description = "Remove a file" },
            new TurnEvent.Permission("r", PermissionState.Denied));

        Assert.Equal(["(Bash asks to be allowed: Remove a file)", "(denied)"], notes);
    }

    [Fact]
    public async Task Print_TurnWithoutAnswer_SaysHowItEndedAndWhy()
    {
        var failed = new TurnEvent.Failed(AttemptOutcome.Failed, ProblemCatalogue.TurnNotFound()) { Status = TurnStatus.Expired };

        var (output, notes) = await PrintAsync(isLive: true, failed);

        Assert.Empty(output);
        Assert.StartsWith("expired: ", Assert.Single(notes), StringComparison.Ordinal);
    }

    private static async Task<(string[] Output, string[] Notes)> PrintAsync(bool isLive, params TurnEvent[] events)
    {
        using var output = new StringWriter();
        using var notes = new StringWriter();
        var printer = new TurnPrinter(output, notes, isLive);
        foreach (var turnEvent in events)
        {
            await printer.PrintAsync(turnEvent);
        }

        return (Lines(output), Lines(notes));
    }

    private static string[] Lines(StringWriter writer) => writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
