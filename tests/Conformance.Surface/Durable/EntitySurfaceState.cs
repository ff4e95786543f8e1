namespace FunctionsBroker.Conformance.Surface.Durable;

public sealed class EntitySurfaceState
{
    public int Value { get; set; }
}
