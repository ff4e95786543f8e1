using System.Runtime.CompilerServices;

namespace FunctionsBroker.TestKit;

/// <summary>Waits for a condition that nothing signals.</summary>
public static class Eventually
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks again and again until the condition holds, up to a limit, which is <see cref="TestTimeouts.Default"/> unless set.</summary>
    /// <exception cref="TimeoutException">It never held; the message is the condition's source.</exception>
    public static async Task BecomesTrueAsync(
        Func<Task<bool>> condition,
        CancellationToken cancellationToken,
        TimeSpan? limit = null,
        [CallerArgumentExpression(nameof(condition))] string description = "")
    {
        var longest = limit ?? TestTimeouts.Default;
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        while (!await condition())
        {
            if (time.GetElapsedTime(started) > longest)
            {
                throw new TimeoutException($"Never became true within {longest}: {description}");
            }

            await Task.Delay(s_interval, time, cancellationToken);
        }
    }

    /// <inheritdoc cref="BecomesTrueAsync(Func{Task{bool}}, CancellationToken, TimeSpan?, string)"/>
    public static Task BecomesTrueAsync(
        Func<bool> condition,
        CancellationToken cancellationToken,
        TimeSpan? limit = null,
        [CallerArgumentExpression(nameof(condition))] string description = "") =>
        BecomesTrueAsync(() => Task.FromResult(condition()), cancellationToken, limit, description);
}
