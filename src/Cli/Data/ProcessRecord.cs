using FunctionsBroker.Cli.Processes;

namespace FunctionsBroker.Cli.Data;

/// <summary>A line of <c>processes.json</c>.</summary>
internal sealed record ProcessRecord(string Name, ProcessIdentity Identity);
