using FunctionsBroker.Contracts.Queues;

namespace FunctionsBroker.Soak;

/// <summary>A message of the queue <c>replies</c>, and when it was put there.</summary>
internal sealed record ReceivedReply(ReplyMessage Message, DateTimeOffset SentAt);
