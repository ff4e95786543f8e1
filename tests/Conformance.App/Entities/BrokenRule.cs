namespace FunctionsBroker.Conformance.App.Entities;

public sealed record BrokenRule(string Rule, string Key);
