namespace FunctionsBroker.Functions.Tests.Running;

/// <summary>The front with the settings that suit most tests.</summary>
public sealed class SharedFront() : FrontUnderTest(("Broker:Budgets:coder:CostUsd", "10"), ("Broker:Budgets:coder:Period", "Day"));
