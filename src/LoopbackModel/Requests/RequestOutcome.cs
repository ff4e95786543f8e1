namespace FunctionsBroker.LoopbackModel.Requests;

/// <summary>How a request to the model ended.</summary>
public enum RequestOutcome
{
    /// <summary>A whole answer was sent.</summary>
    Answered,

    /// <summary>An API error was sent, as status or as event in the stream.</summary>
    Failed,

    /// <summary>The model cut the connection.</summary>
    Dropped,

    /// <summary>The caller went away.</summary>
    Abandoned,
}
