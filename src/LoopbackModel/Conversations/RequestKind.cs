namespace FunctionsBroker.LoopbackModel.Conversations;

/// <summary>What a request to the model is for.</summary>
public enum RequestKind
{
    /// <summary>A turn of a conversation.</summary>
    Turn,

    /// <summary>Something the CLI asks for itself: a title, a topic, a probe of the quota. It disturbs no count of turns.</summary>
    Side,

    /// <summary>A summary of the conversation so far, to continue from.</summary>
    Compaction,

    /// <summary>A count of tokens.</summary>
    Count,
}
