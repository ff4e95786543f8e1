using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>The headers of the OpenAI-compatible calls.</summary>
internal static class ChatHeaders
{
    public const string IdempotencyKey = "Idempotency-Key";

    private const string SessionId = "x-session-id";
    private const string TurnId = "x-turn-id";

    // What clients of this API show in their logs.
    private const string RequestId = "x-request-id";

    /// <returns>The session that a request names; null when it names none.</returns>
    public static string? FindSession(HttpRequest request) => request.Headers[SessionId].FirstOrDefault();

    /// <summary>Says which turn it is, whatever becomes of it.</summary>
    public static void Write(HttpResponse response, TurnRecord turn)
    {
        response.Headers[SessionId] = turn.SessionId.Value;
        response.Headers[TurnId] = turn.TurnId.Value;
        response.Headers[RequestId] = turn.TurnId.Value;
    }
}

/// <summary>How a turn is named among chat completions.</summary>
internal static class ChatIds
{
    public static string Of(TurnId turn) => $"chatcmpl-{turn.Value}";
}
