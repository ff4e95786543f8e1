using System.Text.Json;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.SessionHost.Configuration;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.SessionHost.Turns;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.SessionHost.Lifetime;

/// <summary>Ends the start of a host whose CLI does not leave prompts as they are: it would show a chat room the host's files.</summary>
/// <remarks>What was found good is remembered on the host's disk, so that a host that comes back is not held up.</remarks>
internal sealed class PromptGuard(
    SessionHostOptions options,
    SessionProfiles profiles,
    HostEnvironment environment,
    TimeProvider time,
    ILoggerFactory loggers) : IHostedService
{
    private readonly string _file = Path.Combine(options.WorkPath, "checked-prompts.json");
    private readonly PromptCheck _check = new(options.ClaudeBinary, environment.Variables, time, loggers);

    /// <exception cref="OptionsValidationException">A profile's prompts do not reach the model as they are, or that could not be found out.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var known = await ReadAsync(cancellationToken);
        var findings = await Task.WhenAll(List()
            .Where(same => !known.Contains(same.Key))
            .Select(async same => (same.First().Name, Finding: await _check.RunAsync(same.First().Profile, options.WorkPath, cancellationToken))));
        if (findings.Any(found => found.Finding is not null))
        {
            throw new OptionsValidationException(
                SessionHostOptions.SectionName,
                typeof(SessionHostOptions),
                findings.Where(found => found.Finding is not null).Select(found => $"Host:ClaudeBinary: '{options.ClaudeBinary}' does not pass prompts on as they are written (profile '{found.Name}'). {found.Finding}"));
        }

        if (findings.Length > 0)
        {
            await RememberAsync(cancellationToken);
        }
    }

    /// <summary>Notes that the profiles' prompts are safe with this CLI.</summary>
    internal async Task RememberAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.WorkPath);
        await File.WriteAllTextAsync(_file, JsonSerializer.Serialize(List().Select(same => same.Key)), cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private ILookup<string, (string Name, ClaudeProfile Profile)> List() =>
        profiles.Names
            .Select(name => (Name: name, Profile: profiles.Find(name)!))
            .Where(profile => profile.Profile.Transports.Any(transport => transport != ClaudeTransports.Api))
            .ToLookup(profile => _check.KeyOf(profile.Profile));

    private async Task<IReadOnlyList<string>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return File.Exists(_file) ? JsonSerializer.Deserialize<string[]>(await File.ReadAllTextAsync(_file, cancellationToken)) ?? [] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
