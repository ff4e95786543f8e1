namespace DurableTask.Core.Exceptions;

/// <summary>An instance with the requested id exists in a status that does not allow a new one.</summary>
public class OrchestrationAlreadyExistsException : Exception
{
    public OrchestrationAlreadyExistsException()
        : base("An orchestration instance with the given ID already exists.")
    {
    }

    public OrchestrationAlreadyExistsException(string message)
        : base(message)
    {
    }

    public OrchestrationAlreadyExistsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
