using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsBroker.LoopbackModel.Control;
using FunctionsBroker.LoopbackModel.Requests;

namespace FunctionsBroker.LoopbackModel;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(ControlCommand))]
[JsonSerializable(typeof(RequestList))]
[JsonSerializable(typeof(ReceivedRequest))]
internal sealed partial class ModelJsonContext : JsonSerializerContext;
