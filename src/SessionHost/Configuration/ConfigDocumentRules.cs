using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.SessionHost.Configuration;

/// <summary>Checks what concerns more than one value of a configuration file.</summary>
/// <param name="otherProfiles">Profiles that are configured elsewhere.</param>
internal sealed class ConfigDocumentRules(ConfigDocument document, ConfigValues values, ConfigFaults faults, IReadOnlyCollection<string> otherProfiles)
{
    public void Check()
    {
        CheckSessions();
        CheckTemplates();
        CheckEnvironment();
        CheckProfiles();
    }

    private void CheckSessions()
    {
        for (var index = 0; index < document.Sessions.Length; index++)
        {
            CheckSession(index, document.Sessions[index]);
        }
    }

    private void CheckSession(int index, DeclaredSessionOptions session)
    {
        var path = $"Sessions:{index}";
        if (session.Id.Length == 0)
        {
            faults.Add(values.At(path), $"sessions[{index}] has no id.");
        }
        else if (!SessionId.TryParse(session.Id, out _))
        {
            faults.Add(values.At(path + ":Id"), $"sessions[{index}].id is '{session.Id}', but an id {ProblemCatalogue.IdRule}");
        }

        var earlier = document.Sessions[..index];
        if (session.Id.Length > 0 && earlier.Any(other => other.Id == session.Id))
        {
            faults.Add(values.At(path + ":Id"), $"sessions[{index}].id is '{session.Id}', which another session has already.");
        }

        if (session.Transcript is { } transcript && earlier.Any(other => other.Transcript == transcript))
        {
            faults.Add(values.At(path + ":Transcript"), $"sessions[{index}].transcript is '{transcript}', which another session has already.");
        }

        string[] profiles = [SessionHostOptions.DefaultProfile, SessionHostOptions.CoderProfile, .. document.Profiles.Keys, .. otherProfiles];
        if (session.Profile is { } profile && !profiles.Contains(profile, StringComparer.Ordinal))
        {
            faults.Add(values.At(path + ":Profile"), $"sessions[{index}].profile is '{profile}', which is not configured. {KeySuggestion.For(profile, profiles.Distinct())}");
        }
    }

    private void CheckTemplates()
    {
        var texts = document.Runtime.Flags.Select((flag, index) => (Path: $"Runtime:Flags:{index}", Name: $"runtime.flags[{index}]", Text: flag))
            .Concat(document.Runtime.Env.Select(variable => (Path: $"Runtime:Env:{variable.Key}", Name: $"runtime.env.{variable.Key}", Text: variable.Value)));
        foreach (var (path, name, text) in texts)
        {
            foreach (var field in SessionTemplate.NamesIn(text))
            {
                CheckTemplate(path, name, field);
            }
        }
    }

    private void CheckTemplate(string path, string name, string field)
    {
        if (!SessionTemplate.Fields.Contains(field, StringComparer.Ordinal))
        {
            faults.Add(values.At(path), $"{name} names '{{{{{field}}}}}', which is not a field of a session. {KeySuggestion.For(field, SessionTemplate.Fields)}");
            return;
        }

        for (var index = 0; index < document.Sessions.Length; index++)
        {
            if (SessionTemplate.ValueOf(field, document.Sessions[index]) is null)
            {
                faults.Add(values.At($"Sessions:{index}"), $"sessions[{index}] has no {field}, which {name} needs.");
            }
        }
    }

    private void CheckEnvironment()
    {
        foreach (var name in document.Runtime.Env.Keys)
        {
            if (ClaudeVariables.WhyRefused(name) is { } reason)
            {
                faults.Add(values.At($"Runtime:Env:{name}"), $"runtime.env.{name} cannot be set: {reason}");
            }
        }
    }

    private void CheckProfiles()
    {
        foreach (var (name, profile) in document.Profiles)
        {
            foreach (var (path, fault) in ProfileOptionsRules.CheckRules($"Profiles:{name}", profile))
            {
                faults.Add(values.At(path), fault);
            }
        }
    }
}
