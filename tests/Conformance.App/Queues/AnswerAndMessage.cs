using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Conformance.App.Queues;

/// <summary>A response and a queue message at once.</summary>
public sealed class AnswerAndMessage
{
    [HttpResult]
    public required IResult Answer { get; init; }

    [QueueOutput("conformance-sent")]
    public required string Message { get; init; }
}
