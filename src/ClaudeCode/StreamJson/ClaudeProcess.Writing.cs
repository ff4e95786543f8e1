namespace FunctionsBroker.ClaudeCode.StreamJson;

public sealed partial class ClaudeProcess
{
    /// <summary>Writes a prompt's line. A turn that is stopped meanwhile lets a process that reads have it whole, so that it can be used again.</summary>
    /// <param name="grace">How long the rest of the line may take once the turn is stopped.</param>
    /// <exception cref="TimeoutException">The process does not read its input.</exception>
    private async Task WritePromptAsync(ReadOnlyMemory<byte> line, TimeSpan patience, TimeSpan grace, CancellationToken stopping)
    {
        var writing = _process.WriteLineAsync(line, CancellationToken.None);
        try
        {
            await writing.WaitAsync(patience, _time, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await writing.WaitAsync(grace, _time, CancellationToken.None);
        }
    }
}
