namespace FunctionsBroker.Contracts.Turns;

public static class TurnStatusExtensions
{
    /// <summary>Whether the turn has ended, so that its status never changes again.</summary>
    public static bool IsTerminal(this TurnStatus status) => status > TurnStatus.Running;
}
