namespace FunctionsBroker.Local.Durable.Messages;

/// <param name="Id">Where in the log the message was sent; unique in the hub and rising.</param>
internal sealed record QueuedMessage(long Id, Message Message);
