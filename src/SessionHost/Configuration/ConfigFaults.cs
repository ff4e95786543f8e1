using System.Globalization;
using FunctionsBroker.Sessions.Errors;
using YamlDotNet.Core;

namespace FunctionsBroker.SessionHost.Configuration;

/// <summary>What is wrong with a configuration file, in the order of its lines.</summary>
internal sealed class ConfigFaults(string file)
{
    private readonly List<(Mark At, string Message)> _faults = [];

    public int Count => _faults.Count;

    public IReadOnlyList<string> ToList() =>
    [
        .. _faults
            .OrderBy(fault => fault.At.Line)
            .ThenBy(fault => fault.At.Column)
            .Select(fault => string.Create(CultureInfo.InvariantCulture, $"{file}({fault.At.Line},{fault.At.Column}): {fault.Message}")),
    ];

    public void Add(Mark at, string message) => _faults.Add((at, message));
}

/// <summary>The configuration file cannot be used. The message has every fault, each with its place, a line each.</summary>
internal sealed class InvalidConfigurationException(IReadOnlyList<string> faults) : BrokerException(string.Join('\n', faults))
{
    public IReadOnlyList<string> Faults { get; } = faults;
}
