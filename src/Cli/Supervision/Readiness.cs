using System.Globalization;
using FunctionsBroker.Cli.Processes;

namespace FunctionsBroker.Cli.Supervision;

/// <summary>Waits until a part can work.</summary>
internal sealed class Readiness(HttpClient http, TimeProvider time)
{
    private const int StartsAllowed = 3;

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(90);

    /// <summary>Completes when the part answers and, where it does so by a line, has said that it is ready.</summary>
    /// <exception cref="CommandException">It keeps dying, or takes too long.</exception>
    public async Task WaitAsync(Part part, PartCommand command, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (!part.SaidReady || !await AnswersAsync(command, cancellationToken))
        {
            if (part.Starts > StartsAllowed)
            {
                throw new CommandException(ExitCodes.Failure, $"{part.Name} keeps ending before it is ready; its output above says why");
            }

            if (time.GetElapsedTime(started) > s_longest)
            {
                throw new CommandException(ExitCodes.Failure, string.Create(
                    CultureInfo.InvariantCulture,
                    $"{part.Name} was not ready within {s_longest.TotalSeconds:0} s"));
            }

            await Task.Delay(s_interval, time, cancellationToken);
        }
    }

    private async Task<bool> AnswersAsync(PartCommand command, CancellationToken cancellationToken)
    {
        if (command.ReadyUrl is null)
        {
            return true;
        }

        try
        {
            using var response = await http.GetAsync(command.ReadyUrl, cancellationToken);
            return command.AnyAnswerIsReady || response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // Not listening yet.
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It listens and does not answer within the client's bound: not ready.
            return false;
        }
    }
}
