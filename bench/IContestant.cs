namespace FunctionsBroker.Bench;

/// <summary>One way to have a turn answered.</summary>
internal interface IContestant : IAsyncDisposable
{
    string Name { get; }

    /// <returns>The reply's text.</returns>
    Task<string> AskAsync(string prompt, CancellationToken cancellationToken);
}
