using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Identity;
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

        if (options.SessionUids is { } users && !(UserRange.TryParse(users, out var range) && range.Count >= options.MaxSessions))
        {
            faults.Add($"{Section}:SessionUids must be FIRST-LAST, from {UserRange.Lowest} on, with at least {options.MaxSessions} ids, one for each of {Section}:MaxSessions.");
        }

        faults.AddRange(CheckAccess(options));
        faults.AddRange(CheckSessions(options));
        faults.AddRange(CheckEnvironment(options));
        faults.AddRange(options.Profiles.SelectMany(profile => ProfileOptionsRules.Check($"{Section}:Profiles:{profile.Key}", profile.Value)));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> CheckAccess(SessionHostOptions options)
    {
        if (options is { HostKey: null, Identity.IsAsked: false })
        {
            yield return $"{Section}:HostKey is missing; the front has to show it, or an identity.";
        }

        if (options is { CallbackKey: null, Identity.IsShown: false })
        {
            yield return $"{Section}:CallbackKey is missing; the front asks for it, or for an identity.";
        }

        foreach (var fault in options.Identity.FindFaults($"{Section}:Identity"))
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> CheckSessions(SessionHostOptions options)
    {
        foreach (var session in options.Sessions)
        {
            if (!SessionId.TryParse(session.Id, out _))
            {
                yield return $"{Section}:Sessions has the id '{session.Id}', but an id {ProblemCatalogue.IdRule}";
            }

            if (session.Profile is { } profile && !options.Profiles.ContainsKey(profile))
            {
                yield return $"{Section}:Sessions: '{session.Id}' has the profile '{profile}', which is not configured.";
            }
        }

        foreach (var twice in options.Sessions.GroupBy(session => session.Id, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            yield return $"{Section}:Sessions has '{twice.Key}' twice.";
        }
    }

    private static IEnumerable<string> CheckEnvironment(SessionHostOptions options)
    {
        foreach (var name in options.Runtime.Env.Keys)
        {
            if (ClaudeVariables.WhyRefused(name) is { } reason)
            {
                yield return $"{Section}:Runtime:Env:{name} cannot be set: {reason}";
            }
        }
    }
}

/// <summary>Checks each setting by itself.</summary>
[OptionsValidator]
internal sealed partial class SessionHostOptionsValidator : IValidateOptions<SessionHostOptions>;
