using System.Runtime.CompilerServices;

namespace FunctionsBroker.TestKit;

/// <summary>Waits for a condition that nothing signals.</summary>
public static class Eventually
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks again and again until the condition holds, up to <see cref="TestTimeouts.Default"/>.</summary>
    /// <exception cref="TimeoutException">It never held; the message is the condition's source.</exception>
    public static async Task BecomesTrueAsync(
        Func<Task<bool>> condition,
        CancellationToken cancellationToken,
        [CallerArgumentExpression(nameof(condition))] string description = "")
    {
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        while (!await condition())
        {
            if (time.GetElapsedTime(started) > TestTimeouts.Default)
            {
                throw new TimeoutException($"Never became true within {TestTimeouts.Default}: {description}");
            }

            await Task.Delay(s_interval, time, cancellationToken);
        }
    }

    /// <inheritdoc cref="BecomesTrueAsync(Func{Task{bool}}, CancellationToken, string)"/>
    public static Task BecomesTrueAsync(
        Func<bool> condition,
        CancellationToken cancellationToken,
        [CallerArgumentExpression(nameof(condition))] string description = "") =>
        BecomesTrueAsync(() => Task.FromResult(condition()), cancellationToken, description);
}
