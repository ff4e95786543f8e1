using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsBroker.Contracts.Endpoints;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Sessions;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Contracts.Usage;

namespace FunctionsBroker.Contracts.Serialization;

/// <summary>The JSON of every wire record: camel case, enums as strings, absent instead of null.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(SubmitTurnRequest))]
[JsonSerializable(typeof(IReadOnlyList<Attachment>))]
[JsonSerializable(typeof(InjectRequest))]
[JsonSerializable(typeof(TurnResource))]
[JsonSerializable(typeof(IReadOnlyList<TurnAttempt>))]
[JsonSerializable(typeof(TurnMessage))]
[JsonSerializable(typeof(ReplyMessage))]
[JsonSerializable(typeof(PoisonMessage))]
[JsonSerializable(typeof(HostTurnRequest))]
[JsonSerializable(typeof(HostTurn))]
[JsonSerializable(typeof(TurnFinished))]
[JsonSerializable(typeof(EndpointsFile))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(Reply))]
[JsonSerializable(typeof(TurnTimings))]
[JsonSerializable(typeof(TurnEvent.Accepted), TypeInfoPropertyName = "TurnEventAccepted")]
[JsonSerializable(typeof(TurnEvent.Queued), TypeInfoPropertyName = "TurnEventQueued")]
[JsonSerializable(typeof(TurnEvent.Started), TypeInfoPropertyName = "TurnEventStarted")]
[JsonSerializable(typeof(TurnEvent.Delta), TypeInfoPropertyName = "TurnEventDelta")]
[JsonSerializable(typeof(TurnEvent.Tool), TypeInfoPropertyName = "TurnEventTool")]
[JsonSerializable(typeof(TurnEvent.Permission), TypeInfoPropertyName = "TurnEventPermission")]
[JsonSerializable(typeof(TurnEvent.Reset), TypeInfoPropertyName = "TurnEventReset")]
[JsonSerializable(typeof(TurnEvent.Completed), TypeInfoPropertyName = "TurnEventCompleted")]
[JsonSerializable(typeof(TurnEvent.Failed), TypeInfoPropertyName = "TurnEventFailed")]
[JsonSerializable(typeof(PermissionAnswer))]
[JsonSerializable(typeof(HostSession))]
[JsonSerializable(typeof(IReadOnlyList<HostSession>))]
[JsonSerializable(typeof(HistoryPage))]
[JsonSerializable(typeof(PutSessionRequest))]
[JsonSerializable(typeof(SessionResource))]
[JsonSerializable(typeof(SessionPage))]
[JsonSerializable(typeof(SessionStatus))]
[JsonSerializable(typeof(TurnPage))]
[JsonSerializable(typeof(HostList))]
[JsonSerializable(typeof(UsageReport))]
public sealed partial class ContractsJsonContext : JsonSerializerContext;
