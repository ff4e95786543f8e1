namespace FunctionsBroker.Soak;

/// <summary>A conversation whose every prompt and answer carries a token that no other has.</summary>
internal sealed class SoakSession
{
    private const int RecallsOneIn = 3;
    private readonly string _token = Guid.NewGuid().ToString("N");

    public SoakSession(int number, int turns)
    {
        Id = $"room:{number}";
        Turns = [.. Enumerable.Range(0, turns).Select(turn => new SoakTurn(Id, $"room{number}-{turn}", Prompt(turn), Answer(turn)))];
    }

    public string Id { get; }

    /// <summary>In the order in which they are submitted.</summary>
    public IReadOnlyList<SoakTurn> Turns { get; }

    // The first turn has the model remember the token, and some of the others ask for it: what is remembered is the conversation itself.
    private string Prompt(int turn) =>
        turn == 0 ? $"remember token={_token}"
        : turn % RecallsOneIn == 0 ? "recall token"
        : $"turn {turn} of {_token} {{{{model: delay=150ms chunk=8 chunkDelay=40ms}}}}";

    private string Answer(int turn) =>
        turn == 0 ? "remembered token"
        : turn % RecallsOneIn == 0 ? _token
        : $"turn {turn} of {_token}";
}
