using System.Text.Json;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.SessionHost.Events;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.SessionHost.Api;

/// <summary><c>POST /sessions/{sessionId}/permissions/{requestId}</c>: somebody decides whether a tool may run.</summary>
internal static class PermissionEndpoint
{
    private const string DefaultMessage = "The user does not allow this.";
    private const int MaxMessageLength = 10_000;

    public static async Task<IResult> DecideAsync(string sessionId, string requestId, HttpRequest body, TurnRelays relays)
    {
        if (!SessionId.TryParse(PathSegment.Decode(sessionId), out var session))
        {
            return new ProblemResult(ProblemCatalogue.InvalidSessionId());
        }

        PermissionAnswer? answer;
        try
        {
            answer = await JsonSerializer.DeserializeAsync(
                body.Body,
                ContractsJsonContext.Default.PermissionAnswer,
                body.HttpContext.RequestAborted);
        }
        catch (JsonException exception)
        {
            return new ProblemResult(ProblemCatalogue.InvalidJson(exception.Message));
        }

        var (decision, fault) = ToDecision(answer);
        if (decision is null)
        {
            return new ProblemResult(ProblemCatalogue.InvalidRequest(fault));
        }

        return relays.Decide(session, requestId, decision) is { } problem ? new ProblemResult(problem) : Results.NoContent();
    }

    private static (PermissionDecision? Decision, string Fault) ToDecision(PermissionAnswer? answer) =>
        answer switch
        {
            null => (null, "The body is null."),
            { Message.Length: > MaxMessageLength } => (null, $"The message may have at most {MaxMessageLength} characters."),
            { Decision: PermissionVerdict.Deny, UpdatedInput: not null } => (null, "updatedInput goes with allow only."),
            { Decision: PermissionVerdict.Deny } => (new PermissionDecision.Deny(answer.Message ?? DefaultMessage, answer.Interrupt), string.Empty),
            { Message: not null } or { Interrupt: true } => (null, "message and interrupt go with deny only."),
            { UpdatedInput: { ValueKind: not JsonValueKind.Object } } => (null, "updatedInput is not an object."),
            _ => (new PermissionDecision.Allow(answer.UpdatedInput), string.Empty),
        };
}
