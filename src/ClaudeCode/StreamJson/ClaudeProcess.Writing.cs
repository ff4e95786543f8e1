using System.Globalization;
using FunctionsBroker.ClaudeCode.Protocol;

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

    /// <summary>Sends a control request and waits for its answer.</summary>
    /// <returns>Null, or what the CLI found wrong with the request.</returns>
    /// <exception cref="TimeoutException">There was no answer in time.</exception>
    /// <exception cref="IOException">The process has ended.</exception>
    private async Task<string?> RequestAsync(string subtype, TimeSpan patience)
    {
        var id = "broker-" + Interlocked.Increment(ref _requestCount).ToString(CultureInfo.InvariantCulture);
        var answer = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _requests[id] = answer;
        try
        {
            if (_outputEnded)
            {
                throw new IOException("The process has ended.");
            }

            await _process.WriteLineAsync(CliMessageWriter.ControlRequest(id, subtype), CancellationToken.None).WaitAsync(patience, _time);
            return await answer.Task.WaitAsync(patience, _time);
        }
        finally
        {
            _requests.TryRemove(id, out _);
        }
    }
}
