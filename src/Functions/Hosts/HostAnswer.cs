using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.Functions.Hosts;

/// <summary>What a session host said.</summary>
internal abstract record HostAnswer
{
    private HostAnswer()
    {
    }

    /// <summary>It has the turn.</summary>
    public sealed record Holds(HostTurn Turn) : HostAnswer;

    /// <summary>It said no, and why.</summary>
    public sealed record Refuses(Problem Problem) : HostAnswer;

    /// <summary>It said nothing: the connection failed or the time was up. What it did is unknown.</summary>
    public sealed record Silent(string Reason) : HostAnswer
    {
        /// <summary>Whether there was no connection at all, so that it did nothing.</summary>
        public bool Unreached { get; init; }
    }
}
