using FunctionsBroker.ClaudeCode.Protocol;
using FunctionsBroker.ClaudeCode.Turns;

namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>Follows what comes of one turn until its result.</summary>
/// <remarks>Fed by the process's only reader; what is public may be read by others.</remarks>
internal sealed class TurnOutput(ITurnObserver observer)
{
    private readonly StreamedText _text = new(observer);
    private volatile CliMessage.ApiRetry? _retry;
    private volatile bool _toolsUsed;
    private string? _errorKind;

    /// <summary>Whether a tool was called, so that the turn may have had an effect.</summary>
    public bool ToolsUsed => _toolsUsed;

    /// <summary>The last pause that the CLI made before it asked the model again.</summary>
    public CliMessage.ApiRetry? Retry => _retry;

    public void CallTool() => _toolsUsed = true;

    public void Accept(CliMessage message)
    {
        switch (message)
        {
            case CliMessage.TextDelta delta:
                _text.Accept(delta);
                break;
            case CliMessage.Abandoned abandoned:
                _text.Accept(abandoned);
                break;
            case CliMessage.Assistant assistant:
                Accept(assistant);
                break;
            case CliMessage.ToolResults results:
                Tell(results.Tools);
                break;
            case CliMessage.ApiRetry retry:
                _retry = retry;
                break;
        }
    }

    public TurnSignal.Result End(CliMessage.Result result, RunningTotals totals)
    {
        var whole = result with { Text = WholeOf(result.Text) };
        return new TurnSignal.Result(whole, totals.Take(whole), _errorKind, _retry);
    }

    private void Accept(CliMessage.Assistant assistant)
    {
        _errorKind = assistant.ErrorKind;
        if (assistant is { Text: { } text, ErrorKind: null })
        {
            _text.Finish(text);
        }

        Tell(assistant.Tools);
    }

    private void Tell(IReadOnlyList<TurnProgress> tools)
    {
        foreach (var tool in tools)
        {
            _toolsUsed = true;
            if (tool is TurnProgress.ToolStarted)
            {
                _text.CallTool();
            }

            observer.Observe(tool);
        }
    }

    // The CLI's result has the last block of the last message only. A text that was not streamed is its own: of an error, or of a command.
    private string? WholeOf(string? last) => last is not null && _text.Said is var said && said.EndsWith(last, StringComparison.Ordinal) ? said : last;
}
