namespace FunctionsBroker.ClaudeCode.Hooks;

/// <summary>What became of a hook's call.</summary>
public abstract record HookDelivery
{
    private HookDelivery()
    {
    }

    public sealed record Accepted(HookAnswer Answer) : HookDelivery;

    /// <summary>There is no such route, or the caller does not have its secret: it is not told which.</summary>
    public sealed record Refused : HookDelivery;

    /// <summary>The body is not what the CLI sends.</summary>
    public sealed record Unreadable : HookDelivery;
}
