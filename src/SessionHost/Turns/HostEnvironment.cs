using System.Collections;

namespace FunctionsBroker.SessionHost.Turns;

/// <summary>The host's own environment variables: where the model's address and credentials are, for the CLI and for the API.</summary>
internal sealed record HostEnvironment(IReadOnlyDictionary<string, string> Variables)
{
    public static HostEnvironment OfThisProcess() => new(
        Environment.GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => variable.Value as string ?? string.Empty, StringComparer.Ordinal));
}
