using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.SessionHost.Claims;
using FunctionsBroker.SessionHost.Options;

namespace FunctionsBroker.SessionHost.Actors;

internal sealed partial class SessionActor
{
    private async Task<WakeOutcome> WakeAsync(string? profile, Func<string, bool> isAlive)
    {
        if (_run is not null || _process.IsAlive)
        {
            return new WakeOutcome.Awake();
        }

        if (await _claim.AdoptAsync(profile ?? SessionHostOptions.DefaultProfile, isAlive, CancellationToken.None) is Ownership.Lost)
        {
            return new WakeOutcome.Elsewhere();
        }

        return await _process.WakeAsync(_services.Aborting) switch
        {
            null => new WakeOutcome.NoRoom(),
            ClaudeLaunchResult.Failed(var problem) => new WakeOutcome.Failed(problem),
            _ => new WakeOutcome.Awake(),
        };
    }
}
