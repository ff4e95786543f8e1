using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsBroker.ClaudeCode.Processes;

namespace FunctionsBroker.SessionHost.Orphans;

/// <summary>The content of a session's <c>process.json</c>: which process is alive for it.</summary>
internal sealed record LiveProcess
{
    public int SchemaVersion { get; init; } = 1;

    public required string HostId { get; init; }

    public required ProcessIdentity Process { get; init; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(LiveProcess))]
internal sealed partial class OrphansJsonContext : JsonSerializerContext;
