using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>How a turn is named among chat completions.</summary>
internal static class ChatIds
{
    public static string Of(TurnId turn) => $"chatcmpl-{turn.Value}";
}
