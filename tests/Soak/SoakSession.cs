namespace FunctionsBroker.Soak;

/// <summary>A conversation in which every turn tells the model a fact that nobody else knows, and asks for the one of the turn before.</summary>
/// <remarks>So an exchange that is missing from what a later process was told shows at once, and in every session apart.</remarks>
internal sealed class SoakSession
{
    // An older fact now and then: what was resumed may lack more than the last exchange.
    private const int FirstFactOneIn = 3;

    private readonly string _secret = Guid.NewGuid().ToString("N");

    public SoakSession(int number, int turns)
    {
        Id = $"room:{number}";
        Turns = [.. Enumerable.Range(0, turns).Select(turn => new SoakTurn(Id, $"room{number}-{turn}", Prompt(turn), Answer(turn)))];
    }

    public string Id { get; }

    /// <summary>In the order in which they are submitted.</summary>
    public IReadOnlyList<SoakTurn> Turns { get; }

    private string Prompt(int turn) => $"{Question(turn)}\nremember fact{turn}={Fact(turn)} {{{{model: delay=150ms chunk=8 chunkDelay=40ms}}}}";

    private string Answer(int turn) => turn == 0 ? "remembered fact0" : Fact(Asked(turn));

    private static string Question(int turn) => turn == 0 ? "Hello." : $"recall fact{Asked(turn)}";

    private static int Asked(int turn) => turn % FirstFactOneIn == 0 ? 0 : turn - 1;

    private string Fact(int turn) => $"{turn}-{_secret}";
}
