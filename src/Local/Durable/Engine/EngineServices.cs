using Azure.Data.Tables;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Durable.Engine;

/// <summary>What every part of the engine is made with.</summary>
internal sealed record EngineServices(
    TableClient Table, TaskHubOptions Options, DurableTaskRegistry Registry, ILoggerFactory Loggers, TimeProvider Time);
