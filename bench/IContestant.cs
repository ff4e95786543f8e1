namespace FunctionsBroker.Bench;

/// <summary>One way to have a turn answered.</summary>
internal interface IContestant : IAsyncDisposable
{
    string Name { get; }

    Task<Answer> AskAsync(string prompt, CancellationToken cancellationToken);
}
