using System.Net;

namespace FunctionsBroker.TestKit.Storage;

/// <summary>What goes wrong with one request.</summary>
public abstract record StorageFault
{
    private StorageFault()
    {
    }

    /// <summary>Nothing.</summary>
    public static StorageFault None { get; } = new Nothing();

    /// <summary>The connection breaks before the request reaches the service.</summary>
    public static StorageFault RequestLost { get; } = new BrokenBefore();

    /// <summary>The service does what it was asked, but its answer does not arrive.</summary>
    public static StorageFault AnswerLost { get; } = new BrokenAfter();

    /// <summary>Something on the way answers with a status instead of the service.</summary>
    public static StorageFault Answers(HttpStatusCode status) => new Answer(status);

    internal sealed record Nothing : StorageFault;

    internal sealed record BrokenBefore : StorageFault;

    internal sealed record BrokenAfter : StorageFault;

    internal sealed record Answer(HttpStatusCode Status) : StorageFault;
}
