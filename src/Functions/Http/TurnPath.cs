using System.Diagnostics.CodeAnalysis;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Functions.Http;

/// <summary>Reads the ids out of the path of a turn, <c>…/sessions/{sessionId}/turns/{turnId}</c>.</summary>
internal static class TurnPath
{
    public static bool TryRead(string sessionId, string turnId, out SessionId session, out TurnId turn, [NotNullWhen(false)] out Problem? problem)
    {
        turn = default;
        problem = !SessionId.TryParse(sessionId, out session) ? ProblemCatalogue.InvalidSessionId()
            : !TurnId.TryParse(turnId, out turn) ? ProblemCatalogue.InvalidTurnId()
            : null;
        return problem is null;
    }
}
