using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>What a chat completion request says.</summary>
internal abstract record ChatReading
{
    private ChatReading()
    {
    }

    /// <summary>It is this turn of this session, as far as the shape of the request tells.</summary>
    public sealed record Turn(string SessionId, SubmitTurnRequest Request) : ChatReading;

    /// <param name="Problem">Why it can be none.</param>
    /// <param name="Param">Which part of the request is meant.</param>
    public sealed record Invalid(Problem Problem, string Param) : ChatReading;
}

/// <summary>A message of the conversation, checked.</summary>
internal sealed record SaidMessage(ChatRole Role, string Text, IReadOnlyList<Attachment> Attachments);

/// <summary>Who said a message.</summary>
internal enum ChatRole
{
    /// <summary>The client's own instructions: <c>system</c> or <c>developer</c>.</summary>
    Instructions,

    User,

    Assistant,
}
