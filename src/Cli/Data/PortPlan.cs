using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using FunctionsBroker.Cli.Serialization;

namespace FunctionsBroker.Cli.Data;

/// <summary>The ports of the parts: chosen once for a data folder, so that a restarted part is where it was.</summary>
internal sealed record PortPlan(int Blob, int Queue, int Table, int Front, int Model, IReadOnlyList<int> Hosts)
{
    /// <summary>The plan of the folder, with new ports where none was planned or another program has taken one.</summary>
    /// <param name="data">The folder that keeps the plan.</param>
    /// <param name="front">The front's port; 0 lets it be chosen.</param>
    /// <param name="hosts">How many session hosts there are.</param>
    /// <exception cref="CommandException">The port asked for the front is taken.</exception>
    public static PortPlan LoadOrChoose(DataFolder data, int front, int hosts)
    {
        var path = data.Combine("ports.json");
        var kept = File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllText(path), CliJsonContext.Default.PortPlan) : null;
        using var picker = new PortPicker();
        if (front != 0 && !picker.TryHold(front))
        {
            throw new CommandException(ExitCodes.Failure, $"port {front} is in use by another program; give another one with --port");
        }

        var plan = new PortPlan(
            picker.Hold(kept?.Blob),
            picker.Hold(kept?.Queue),
            picker.Hold(kept?.Table),
            front != 0 ? front : picker.Hold(kept?.Front),
            picker.Hold(kept?.Model),
            [.. Enumerable.Range(0, hosts).Select(index => picker.Hold(kept?.Hosts.ElementAtOrDefault(index)))]);
        AtomicFile.Write(path, JsonSerializer.Serialize(plan, CliJsonContext.Default.PortPlan));
        return plan;
    }

    // Holds every port until all are chosen, so that none is chosen twice.
    private sealed class PortPicker : IDisposable
    {
        private readonly List<TcpListener> _held = [];

        public int Hold(int? wanted) => wanted is > 0 and { } port && TryHold(port) ? port : Listen(0);

        public bool TryHold(int port)
        {
            try
            {
                Listen(port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }

        public void Dispose() => _held.ForEach(listener => listener.Dispose());

        private int Listen(int port)
        {
            var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            _held.Add(listener);
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
