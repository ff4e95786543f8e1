using Microsoft.Extensions.Options;

namespace FunctionsBroker.SessionHost.Options;

/// <summary>Checks what concerns more than one setting, and the profiles; names every fault.</summary>
internal sealed class SessionHostOptionsRules : IValidateOptions<SessionHostOptions>
{
    private const string Section = SessionHostOptions.SectionName;

    public ValidateOptionsResult Validate(string? name, SessionHostOptions options)
    {
        List<string> faults = [];
        if (options.TurnIdle > options.TurnMax)
        {
            faults.Add($"{Section}:TurnIdle must not be longer than {Section}:TurnMax.");
        }

        if (options.PublicUrl is { } url && !(url.IsAbsoluteUri && url.Scheme is "http" or "https"))
        {
            faults.Add($"{Section}:PublicUrl must be an absolute http or https address.");
        }

        if (options.Profiles.Values.Sum(profile => profile.Prewarmed) is > 0 and var prewarmed && prewarmed >= options.MaxSessions)
        {
            faults.Add($"{Section}:Profiles keep {prewarmed} processes ready, which must be fewer than {Section}:MaxSessions ({options.MaxSessions}).");
        }

        faults.AddRange(options.Profiles.SelectMany(profile => ProfileOptionsRules.Check($"{Section}:Profiles:{profile.Key}", profile.Value)));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
