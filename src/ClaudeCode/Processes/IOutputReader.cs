namespace FunctionsBroker.ClaudeCode.Processes;

/// <summary>Reads one pipe of a child for its whole life.</summary>
internal interface IOutputReader
{
    /// <summary>Rises with every read that brought bytes; tells a quiet pipe from a busy one.</summary>
    long Reads { get; }

    /// <returns>Null when there is nothing more.</returns>
    ValueTask<CliLine?> ReadAsync(CancellationToken cancellationToken);
}
