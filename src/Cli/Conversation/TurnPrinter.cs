using FunctionsBroker.Contracts.Events;

namespace FunctionsBroker.Cli.Conversation;

/// <summary>Prints what happens in a turn: what the model says to one writer, all else to another.</summary>
/// <param name="output">Where the text goes.</param>
/// <param name="notes">Where all else goes.</param>
/// <param name="isLive">Whether the text is printed as it comes; else the reply is, whole, at the end.</param>
internal sealed class TurnPrinter(TextWriter output, TextWriter notes, bool isLive)
{
    private bool _inLine;

    public async Task PrintAsync(TurnEvent turnEvent)
    {
        switch (turnEvent)
        {
            case TurnEvent.Queued(var position):
                await NoteAsync($"(waits, number {position})");
                break;
            case TurnEvent.Delta(var text) when isLive:
                await output.WriteAsync(text);
                await output.FlushAsync();
                _inLine = !text.EndsWith('\n');
                break;
            case TurnEvent.Tool { State: ToolState.Started } tool:
                await NoteAsync($"({tool.Name} {OneLine(tool.Input)})");
                break;
            case TurnEvent.Tool { State: ToolState.Ended, IsError: true } tool:
                await NoteAsync($"(failed: {OneLine(tool.Output)})");
                break;
            case TurnEvent.Permission { State: PermissionState.Asked } asked:
                await NoteAsync($"({asked.ToolName} asks to be allowed: {asked.Description ?? OneLine(asked.Input?.GetRawText())})");
                break;
            case TurnEvent.Permission settled:
                await NoteAsync($"({settled.State.ToString().ToLowerInvariant()})");
                break;
            case TurnEvent.Reset(var reason):
                await NoteAsync($"(what was said above no longer counts: {reason})");
                break;
            case TurnEvent.Completed completed:
                await CompleteAsync(completed);
                break;
            case TurnEvent.Failed failed:
                await NoteAsync($"{(failed.Status?.ToString() ?? failed.Outcome.ToString()).ToLowerInvariant()}: {ProblemText.Of(failed.Problem)}");
                break;
        }
    }

    private async Task CompleteAsync(TurnEvent.Completed completed)
    {
        if (isLive)
        {
            await EndLineAsync();
        }
        else
        {
            await output.WriteLineAsync(completed.Reply.Text);
        }

        foreach (var notice in completed.Reply.Notices)
        {
            await NoteAsync($"({notice})");
        }
    }

    private async Task NoteAsync(string note)
    {
        await EndLineAsync();
        await notes.WriteLineAsync(note);
    }

    private async Task EndLineAsync()
    {
        if (_inLine)
        {
            await output.WriteLineAsync();
            _inLine = false;
        }
    }

    private static string OneLine(string? text)
    {
        const int Longest = 120;
        var line = (text ?? string.Empty).ReplaceLineEndings(" ");
        return line.Length <= Longest ? line : string.Concat(line.AsSpan(0, Longest), "…");
    }
}
