using FunctionsBroker.Cli.Processes;

namespace FunctionsBroker.Cli.Stack;

/// <summary>One session host to be.</summary>
internal sealed record HostPlan(string Id, Uri Url, PartCommand Command);
