using FunctionsBroker.Contracts.Events;

namespace FunctionsBroker.Functions.Events;

/// <summary>An event as a listener gets it.</summary>
/// <param name="Id">What a listener shows to get what follows: to this instance of the front or to another.</param>
internal readonly record struct NumberedEvent(string Id, TurnEvent Event);
