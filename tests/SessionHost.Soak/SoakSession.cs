namespace FunctionsBroker.SessionHost.Soak;

/// <summary>A conversation whose every prompt and answer carries a token that no other has.</summary>
/// <param name="number">Which of the sessions.</param>
/// <param name="turns">How many turns it has.</param>
internal sealed class SoakSession(int number, int turns)
{
    private const int RecallsOneIn = 3;
    private readonly string _token = Guid.NewGuid().ToString("N");

    public string Id => $"room-{number}";

    public int Turns => turns;

    /// <summary>The turn that comes next.</summary>
    public int Next { get; set; }

    /// <summary>The first turn has the model remember the token, and some of the others ask for it: what is remembered is the conversation itself.</summary>
    public string Prompt(int turn) =>
        turn == 0 ? $"remember token={_token}"
        : turn % RecallsOneIn == 0 ? "recall token"
        : $"turn {turn} of {_token}";

    /// <summary>How the answer to that ends.</summary>
    public string Answer(int turn) =>
        turn == 0 ? "remembered token"
        : turn % RecallsOneIn == 0 ? _token
        : $"turn {turn} of {_token}";
}
