using FunctionsBroker.Contracts.Endpoints;

namespace FunctionsBroker.Cli.Data;

/// <summary>Finds the broker that runs on a data folder.</summary>
internal static class RunningBroker
{
    /// <exception cref="CommandException">None does.</exception>
    public static EndpointsFile Require(string dataPath) => DataFolder.ReadEndpoints(dataPath)
        ?? throw new CommandException(
            ExitCodes.WrongState,
            $"no broker is running on {Path.GetFullPath(dataPath)}; start one with ./broker up, or say which with --data");
}
