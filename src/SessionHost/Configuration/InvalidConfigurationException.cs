using FunctionsBroker.Sessions.Errors;

namespace FunctionsBroker.SessionHost.Configuration;

/// <summary>The configuration file cannot be used. The message has every fault, each with its place, a line each.</summary>
internal sealed class InvalidConfigurationException(IReadOnlyList<string> faults) : BrokerException(string.Join('\n', faults))
{
    public IReadOnlyList<string> Faults { get; } = faults;
}
