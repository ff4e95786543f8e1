namespace FunctionsBroker.Conformance.App.Orchestrations;

/// <summary>An entry for the journal.</summary>
public sealed record Remark(string Topic, string Text);
