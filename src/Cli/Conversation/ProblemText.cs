using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.Cli.Conversation;

/// <summary>A problem in one line.</summary>
internal static class ProblemText
{
    public static string Of(Problem? problem) => problem switch
    {
        null => "for no stated reason",
        { Detail: { } detail } => $"{problem.Title} ({problem.Code}): {detail}",
        _ => $"{problem.Title} ({problem.Code})",
    };
}
