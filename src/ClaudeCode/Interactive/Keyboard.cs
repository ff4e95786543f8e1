using System.Text;

namespace FunctionsBroker.ClaudeCode.Interactive;

/// <summary>Types into a terminal what was written for the model, and not for the program in front of it.</summary>
/// <remarks>One caller at a time.</remarks>
/// <param name="write">Writes to the terminal.</param>
/// <param name="mayEnter">Whether what is typed goes into the line for prompts: false while the screen asks something.</param>
internal sealed class Keyboard(Func<ReadOnlyMemory<byte>, CancellationToken, Task> write, Func<bool> mayEnter, TimeProvider time)
{
    // Measured on 2.1.329: an Enter that comes just after the start is lost in 15 of 20 cases; sent again every 250 ms
    // until the prompt is reported as submitted, it submitted exactly once in 20 of 20.
    private static readonly TimeSpan s_enterAgain = TimeSpan.FromMilliseconds(250);

    private static readonly byte[] s_enter = "\r"u8.ToArray();
    private static readonly byte[] s_escape = "\u001b"u8.ToArray();
    private static readonly byte[] s_clear = "\u0015"u8.ToArray();

    /// <summary>Empties the line that is being written, pastes a prompt there and presses Enter until it is taken.</summary>
    /// <remarks>
    /// Measured: a turn that is broken off before its first output puts its prompt back into the line, where it would
    /// be sent along with the next; one ^U takes it away, however long it is, and does nothing to an empty line.
    /// </remarks>
    /// <param name="submitted">Ends when the process has reported that it took a prompt.</param>
    /// <param name="cancellationToken">Gives up. The text may be in the input box then, or on its way.</param>
    /// <exception cref="IOException">The process has ended.</exception>
    public async Task TypeAsync(string prompt, Task submitted, CancellationToken cancellationToken)
    {
        while (!mayEnter())
        {
            await Task.Delay(s_enterAgain, time, cancellationToken);
        }

        await write(s_clear, cancellationToken);
        await write(Encoding.UTF8.GetBytes(TypedText.Paste(prompt)), cancellationToken);
        while (true)
        {
            if (mayEnter())
            {
                await write(s_enter, cancellationToken);
            }

            try
            {
                await submitted.WaitAsync(s_enterAgain, time, cancellationToken);
                return;
            }
            catch (TimeoutException)
            {
                // The Enter was lost, or the report is on its way; one Enter more does nothing to an empty box.
            }
        }
    }

    /// <summary>Has the process break off its turn. Measured: neither <c>Stop</c> nor <c>StopFailure</c> is reported then.</summary>
    public Task EscapeAsync(CancellationToken cancellationToken) => write(s_escape, cancellationToken);
}
