using FunctionsBroker.SessionHost.Configuration;
using FunctionsBroker.SessionHost.Options;

namespace FunctionsBroker.SessionHost.Lifetime;

/// <summary><c>FunctionsBroker.SessionHost check-profiles</c>: a line for each profile of the configuration, with what it reaches.</summary>
/// <remarks>What <c>broker doctor</c> asks; in a container an operator can ask it directly. No host is started, and settings other than the profiles may be missing.</remarks>
internal static class ProfileCheckCommand
{
    private const string Verb = "check-profiles";

    public static bool IsIn(string[] args) => args is [Verb, ..];

    /// <summary>Writes the lines: <c>open</c> or <c>held</c>, the name, and what a person should know.</summary>
    /// <param name="args">Behind the verb, what a host is given.</param>
    /// <exception cref="InvalidConfigurationException">The configuration file cannot be used.</exception>
    public static async Task RunAsync(string[] args, TextWriter output)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { Args = args[1..] });
        builder.Configuration.AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables().AddCommandLine(args[1..]);
        builder.Configuration.AddSessionBrokerFile();
        var options = new SessionHostOptions();
        options.AddOwnProfiles();
        builder.Configuration.GetSection(SessionHostOptions.SectionName).Bind(options);
        foreach (var (name, profile) in options.Profiles.OrderBy(profile => profile.Key, StringComparer.Ordinal))
        {
            var reach = ProfileReach.Of(profile.ToProfile(), options.SessionUids is not null);
            await output.WriteLineAsync($"{(reach.IsOpen ? "open" : "held")} {name}: {reach.Text}");
        }
    }
}
