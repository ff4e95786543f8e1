using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>A running <c>claude</c> that stays alive from turn to turn, however it is talked to.</summary>
/// <remarks>Owned by one session. <see cref="StopAsync"/> may be called at any time; how turns are run is each kind's own.</remarks>
public interface IClaudeProcess : IAsyncDisposable
{
    /// <summary>Names this run of the process for whoever has to end it later.</summary>
    ProcessIdentity Identity { get; }

    /// <summary>Whether it took up an earlier conversation.</summary>
    bool Resumed { get; }

    /// <summary>Whether it can be given a turn.</summary>
    bool IsAlive { get; }

    /// <summary>Completes, and never fails, when the process has ended.</summary>
    Task<CliExit> Completion { get; }

    /// <summary>The share of the model's context window that the conversation takes up, 0 to 1; 0 while it is not known.</summary>
    double ContextShare { get; }

    /// <summary>The conversation that it says its turns belong to; null while it has not said. A command of the CLI (<c>/clear</c>) begins another one.</summary>
    Guid? ConversationId => null;

    /// <summary>Whether something goes on in it that no turn waits for: a task that outlives its turn, or a turn that the CLI began by itself.</summary>
    bool WorksOn => false;

    /// <summary>The turns that the CLI begins by itself, each once it has ended; to be read by one. Ends with the process's output.</summary>
    IAsyncEnumerable<BackgroundTurn> BackgroundTurns => AsyncEnumerable.Empty<BackgroundTurn>();

    /// <summary>Names the process and its turn for whoever reads of it later.</summary>
    TurnProcess Describe();

    /// <summary>Stops the process and all that it has started.</summary>
    Task<CliExit> StopAsync(CliStopBounds bounds);
}
