using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>What a chat completion request says.</summary>
internal abstract record ChatReading
{
    private ChatReading()
    {
    }

    public sealed record Read(ChatRequest Request) : ChatReading;

    /// <param name="Problem">Why it can be no turn.</param>
    /// <param name="Param">Which part of the request is meant.</param>
    public sealed record Invalid(Problem Problem, string Param) : ChatReading;
}

/// <summary>A chat completion request, checked as far as its shape tells.</summary>
internal sealed record ChatRequest
{
    /// <summary>The profile, as the request names it.</summary>
    public required string Model { get; init; }

    /// <summary>The whole conversation, in the order of the request.</summary>
    public required ChatConversation Conversation { get; init; }

    /// <summary>The member <c>user</c>; null when there is none.</summary>
    public string? User { get; init; }

    /// <summary>What ends the answer where it comes up in it.</summary>
    public required StopSequences Stop { get; init; }

    /// <summary>What the answer has to look like; null for any text.</summary>
    public AnswerFormat? Format { get; init; }
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

    /// <summary>What a tool of the client answered.</summary>
    Tool,
}
