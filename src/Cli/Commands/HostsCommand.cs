using System.CommandLine;
using System.Text.Json;
using FunctionsBroker.Cli.Output;
using FunctionsBroker.Contracts.Serialization;

namespace FunctionsBroker.Cli.Commands;

/// <summary><c>broker hosts</c>: the session hosts with their load.</summary>
internal static class HostsCommand
{
    public static Command Create()
    {
        var json = FrontCommand.JsonOption();
        return new Command("hosts", "List the session hosts with their load.") { json }.Asking(async (parsed, client, cancellationToken) =>
        {
            var hosts = await client.ListHostsAsync(cancellationToken);
            var table = new TextTable("HOST", "STATUS", "TURNS", "PROCESSES", "SINCE", "LAST BEAT", "PROFILES");
            foreach (var host in hosts)
            {
                if (parsed.GetValue(json))
                {
                    Console.WriteLine(JsonSerializer.Serialize(host, ContractsJsonContext.Default.HostResource));
                }

                table.Add(
                    host.HostId,
                    host.Status.ToString().ToLowerInvariant(),
                    Amounts.Count(host.RunningTurns),
                    $"{host.LiveProcesses}/{host.MaxSessions}",
                    Amounts.Time(host.StartedAt),
                    Amounts.Time(host.HeartbeatAt),
                    string.Join(',', host.Profiles));
            }

            if (!parsed.GetValue(json))
            {
                table.WriteTo(Console.Out);
            }

            return ExitCodes.Success;
        });
    }
}
