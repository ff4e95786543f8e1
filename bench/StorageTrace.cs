using System.Diagnostics.Tracing;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

namespace FunctionsBroker.Bench;

/// <summary>Counts a process's requests to storage by what they ask, from the runtime's own events of its HTTP client.</summary>
/// <remarks>https://learn.microsoft.com/dotnet/fundamentals/networking/telemetry/events</remarks>
internal sealed partial class StorageTrace
{
    private const string Provider = "System.Net.Http";

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly IReadOnlySet<int> _ports;
    private readonly EventPipeSession _session;
    private readonly Task _reading;

    private StorageTrace(EventPipeSession session, IReadOnlySet<int> ports)
    {
        _ports = ports;
        _session = session;
        _reading = Task.Run(Read);
    }

    /// <param name="ports">Where storage listens.</param>
    public static StorageTrace Start(int pid, IReadOnlySet<int> ports) =>
        new(new DiagnosticsClient(pid).StartEventPipeSession([new EventPipeProvider(Provider, EventLevel.Informational)], requestRundown: false), ports);

    /// <returns>How many requests there were of each kind since the start.</returns>
    public async Task<IReadOnlyDictionary<string, int>> StopAsync()
    {
        await _session.StopAsync(CancellationToken.None);
        await _reading;
        _session.Dispose();
        return _counts;
    }

    private void Read()
    {
        using var source = new EventPipeEventSource(_session.EventStream);
        source.Dynamic.All += Accept;
        source.Process();
    }

    private void Accept(TraceEvent seen)
    {
        if (seen.ProviderName == Provider
            && seen.EventName is "Request/Start" or "RequestStart"
            && _ports.Contains(Convert.ToInt32(seen.PayloadByName("port"), CultureInfo.InvariantCulture)))
        {
            var what = Classify((string)seen.PayloadByName("pathAndQuery"));
            _counts[what] = _counts.GetValueOrDefault(what) + 1;
        }
    }

    // The path begins with the account, as the emulator has it; then comes the queue, the table or the container.
    private static string Classify(string path)
    {
        var parts = path.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        var name = parts.ElementAtOrDefault(1)?.Split('(')[0] ?? "account";
        return name switch
        {
            "$batch" => "tables, in batches",
            _ when name.Contains("-control-", StringComparison.Ordinal) => "durable: control queues",
            _ when name.EndsWith("-workitems", StringComparison.Ordinal) => "durable: work-item queue",
            _ when HubTable().Match(name) is { Success: true } table => $"durable: table {table.Groups["kind"].Value}",
            _ when name.EndsWith("-leases", StringComparison.Ordinal) || name.EndsWith("-largemessages", StringComparison.Ordinal) => "durable: blobs",
            _ when name.StartsWith("azure-webjobs", StringComparison.Ordinal) => "Functions: locks",
            _ => name,
        };
    }

    [GeneratedRegex("^FunctionsBroker.*?(?<kind>History|Instances|Partitions)$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex HubTable();
}
