using FunctionsBroker.ClaudeCode.Launch;
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

        foreach (var (profile, settings) in options.Profiles)
        {
            if (settings.PermissionMode is { } mode && !ClaudePermissionModes.All.Contains(mode))
            {
                faults.Add($"{Section}:Profiles:{profile}:PermissionMode is '{mode}', but must be one of {string.Join(", ", ClaudePermissionModes.All)}.");
            }
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
