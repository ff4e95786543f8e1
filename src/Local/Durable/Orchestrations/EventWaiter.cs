namespace FunctionsBroker.Local.Durable.Orchestrations;

/// <summary>A wait for an external event.</summary>
internal abstract class EventWaiter(Type payloadType)
{
    public Type PayloadType => payloadType;

    public abstract void Receive(string? payload);
}
