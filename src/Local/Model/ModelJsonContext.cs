using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsBroker.Local.Model.Control;
using FunctionsBroker.Local.Model.Requests;

namespace FunctionsBroker.Local.Model;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(ControlCommand))]
[JsonSerializable(typeof(RequestList))]
[JsonSerializable(typeof(ReceivedRequest))]
internal sealed partial class ModelJsonContext : JsonSerializerContext;
