namespace FunctionsBroker.Local.Durable.Messages;

/// <summary>The task of an orchestration that waits for an answer.</summary>
internal sealed record CallerLink(string InstanceId, string Execution, int TaskId)
{
    public Message.TaskSettled Answer(string? result) => new(InstanceId, Execution, TaskId, result);
}
