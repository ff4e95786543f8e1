using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Transports;

namespace FunctionsBroker.SessionHost.Turns;

/// <summary>How far a turn has come through the transports of its profile, and through its time.</summary>
internal sealed class TurnCourse(ClaudeProfile profile, IReadOnlyList<ITransport> transports, TurnBounds bounds, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private int _index;
    private int _crashes;
    private int _retries;

    public ITransport Transport => transports[_index];

    public TimeSpan Left => bounds.Max - time.GetElapsedTime(_started);

    /// <summary>What one try may take.</summary>
    public TurnBounds BoundsLeft => bounds.After(time.GetElapsedTime(_started));

    /// <summary>Decides what follows a try that brought no answer, and takes note of it.</summary>
    public NextStep Follow(FailedTry failed)
    {
        _crashes += failed.ProcessLost ? 1 : 0;
        var step = TurnPolicy.After(failed, new TurnSituation
        {
            Profile = profile,
            CanFallBack = _index + 1 < transports.Count,
            Crashes = _crashes,
            Retries = _retries,
            Max = bounds.Max,
            Left = Left,
            Jitter = Random.Shared.NextDouble(),
        });
        switch (step)
        {
            case NextStep.Again { Asks: true }:
                _retries++;
                break;
            case NextStep.FallBack:
                _index++;
                _crashes = 0;
                break;
        }

        return step;
    }
}
