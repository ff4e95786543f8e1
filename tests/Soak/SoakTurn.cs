using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Soak;

/// <summary>A turn, and what its caller came to know of it.</summary>
/// <param name="sessionId">Whose it is.</param>
/// <param name="id">Its idempotency key.</param>
/// <param name="prompt">What is said.</param>
/// <param name="answer">How the answer to that ends.</param>
internal sealed class SoakTurn(string sessionId, string id, string prompt, string answer)
{
    public string SessionId => sessionId;

    public string Id => id;

    public string Prompt => prompt;

    public string Answer => answer;

    /// <summary>How often it was put into the queue; 0 where it came over HTTP.</summary>
    public int Sendings { get; set; }

    /// <summary>The turn when it had ended.</summary>
    public TurnResource? Ended { get; set; }

    /// <summary>What was heard of it; null where nobody listened.</summary>
    public HeardTurn? Heard { get; set; }
}
