namespace FunctionsBroker.Sessions.Identity;

public static class TurnIdGeneration
{
    /// <summary>A new id for a turn that came without an idempotency key; sorts by time.</summary>
    public static TurnId NewTurnId(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);

        return TurnId.Parse(Guid.CreateVersion7(time.GetUtcNow()).ToString("N"));
    }
}
