namespace FunctionsBroker.Functions.Tests.Running;

/// <summary>A front that gives turns up soon.</summary>
public sealed class ImpatientFront() : FrontUnderTest(("Broker:MaxAttempts", "1"), ("Broker:TurnLimit", "00:00:10"));
