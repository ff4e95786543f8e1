using System.Text.Json;

namespace FunctionsBroker.Conformance.App.Entities;

/// <summary>An operation that an orchestration calls.</summary>
public sealed record EntityCall(string Name, string Key, string Operation, JsonElement? Input);
