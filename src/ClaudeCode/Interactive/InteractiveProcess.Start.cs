using System.ComponentModel;
using System.Globalization;
using FunctionsBroker.ClaudeCode.Processes;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.Interactive;

internal sealed partial class InteractiveProcess
{
    /// <summary>A question that stands on the screen for so long is one that the CLI waits for.</summary>
    private static readonly TimeSpan s_questionStands = TimeSpan.FromSeconds(2);

    /// <summary>A screen that has begun to change is painted by then; measured 0.1 s.</summary>
    private static readonly TimeSpan s_painted = TimeSpan.FromMilliseconds(500);

    /// <summary>A key that has changed nothing for so long was not taken. One that is pressed twice may answer the next question too.</summary>
    private static readonly TimeSpan s_keyIsLost = TimeSpan.FromSeconds(10);

    private const int MostKeys = 20;

    /// <summary>Starts a process in a terminal and waits until it is ready.</summary>
    /// <param name="launch">See <see cref="Terminal.Wrap"/>.</param>
    /// <param name="terms">What may be done at the start.</param>
    /// <param name="ready">Ends when the process shows that it works, such as by its connection to our MCP server.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled; no process is left.</exception>
    public static async Task<InteractiveStart> StartAsync(
        CliLaunch launch,
        InteractiveLaunch terms,
        bool resume,
        Func<InteractiveProcess, CancellationToken, Task> ready,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        InteractiveProcess process;
        try
        {
            process = new InteractiveProcess(CliProcess.Start(launch, time, logger), resume, time, logger);
        }
        catch (Win32Exception exception)
        {
            return new InteractiveStart.Failed(exception.Message);
        }

        var keep = false;
        try
        {
            var start = await process.BecomeReadyAsync(terms, ready, cancellationToken);
            keep = start is InteractiveStart.Ready;
            return start;
        }
        finally
        {
            if (!keep)
            {
                await process.DisposeAsync();
            }
        }
    }

    private async Task<InteractiveStart> BecomeReadyAsync(InteractiveLaunch terms, Func<InteractiveProcess, CancellationToken, Task> ready, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(terms.Patience, _time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var isReady = ready(this, over.Token);
        var asks = WatchQuestionsAsync(terms.AcceptPrompts, over.Token);
        try
        {
            var first = await Task.WhenAny(isReady, asks, Completion);
            if (first == Completion)
            {
                return Explain(await Completion, Screen.Text);
            }

            if (first == asks)
            {
                return new InteractiveStart.Failed($"The CLI asks at its start what the broker does not answer: {await asks}");
            }

            await isReady;
            return new InteractiveStart.Ready(this);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new InteractiveStart.Failed(string.Create(
                CultureInfo.InvariantCulture,
                $"The process was not ready within {terms.Patience.TotalSeconds:0} seconds. Its screen says: {Shorten(Screen.Text)}"));
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(isReady, asks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Answers by key what is known and may be answered.</summary>
    /// <returns>The text of a question that stays.</returns>
    private async Task<string> WatchQuestionsAsync(bool accept, CancellationToken cancellationToken)
    {
        for (var keys = 0; ;)
        {
            var changed = Screen.Changed;
            var screen = Screen.Text;
            if (!StartScreens.Asks(screen))
            {
                await changed.WaitAsync(cancellationToken);
            }
            else if (accept && keys < MostKeys && StartScreens.FindKey(screen) is { } key)
            {
                keys++;
                LogAnswered(_logger, Identity.Pid, key, Shorten(screen));
                await _process.WriteLineAsync(Bytes(key), cancellationToken);
                await WaitForAnotherScreenAsync(screen, cancellationToken);
            }
            else
            {
                // Half a screen may be painted.
                await Task.Delay(s_questionStands, _time, cancellationToken);
                screen = Screen.Text;
                if (StartScreens.Asks(screen) && (!accept || keys >= MostKeys || StartScreens.FindKey(screen) is null))
                {
                    return Shorten(screen);
                }
            }
        }
    }

    private async Task WaitForAnotherScreenAsync(string former, CancellationToken cancellationToken)
    {
        var pressed = _time.GetTimestamp();
        var changed = Screen.Changed;
        while (Screen.Text == former && s_keyIsLost - _time.GetElapsedTime(pressed) is { Ticks: > 0 } left)
        {
            await Task.WhenAny(changed, Task.Delay(left, _time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            changed = Screen.Changed;
        }

        await Task.Delay(s_painted, _time, cancellationToken);
    }

    private static byte[] Bytes(StartKey key) => key switch
    {
        StartKey.Enter => "\r"u8.ToArray(),
        StartKey.Up => "\u001b[A"u8.ToArray(),
        _ => "\u001b[B"u8.ToArray(),
    };

    /// <summary>Why a process ended at once, which is only said in words, on the screen.</summary>
    internal static InteractiveStart Explain(CliExit exit, string screen)
    {
        if (screen.Contains("No conversation found", StringComparison.Ordinal))
        {
            return new InteractiveStart.NoConversation();
        }

        return screen.Contains("is already in use", StringComparison.Ordinal)
            ? new InteractiveStart.ConversationExists()
            : new InteractiveStart.Failed($"The process ended at once with {exit.Describe()}. Its screen says: {Shorten(screen)}");
    }

    private static string Shorten(string screen)
    {
        const int Longest = 600;
        return screen.Length <= Longest ? screen : $"…{screen[^Longest..]}";
    }
}

/// <summary>Whether an interactive process has come up.</summary>
internal abstract record InteractiveStart
{
    private InteractiveStart()
    {
    }

    public sealed record Ready(InteractiveProcess Process) : InteractiveStart;

    /// <summary>It was to resume a conversation that the CLI does not have.</summary>
    public sealed record NoConversation : InteractiveStart;

    /// <summary>It was to begin a conversation under an id that has one already.</summary>
    public sealed record ConversationExists : InteractiveStart;

    /// <param name="Detail">For a person; holds what the screen says.</param>
    public sealed record Failed(string Detail) : InteractiveStart;
}
