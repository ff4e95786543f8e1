using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>A message of the conversation, checked.</summary>
internal sealed record SaidMessage(ChatRole Role, string Text, IReadOnlyList<Attachment> Attachments);
