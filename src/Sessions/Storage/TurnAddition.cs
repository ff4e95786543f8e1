namespace FunctionsBroker.Sessions.Storage;

/// <summary>What became of a turn that was to be added.</summary>
public abstract record TurnAddition
{
    private TurnAddition()
    {
    }

    /// <summary>It was, and is now the session's newest turn.</summary>
    public sealed record Added(TurnHead Head) : TurnAddition;

    /// <summary>A turn was there before under the same id; nothing was written.</summary>
    public sealed record Existed(Versioned<TurnRecord> Turn) : TurnAddition;

    /// <summary>The session's newest turn is another than the one that this turn was to follow; nothing was written.</summary>
    public sealed record Overtaken : TurnAddition;
}
