namespace FunctionsBroker.LoopbackModel.Requests;

/// <summary>An image or a document in a request.</summary>
public sealed record ReceivedAttachment
{
    /// <summary><c>image</c> or <c>document</c>.</summary>
    public required string Type { get; init; }

    public string? MediaType { get; init; }

    public string? Title { get; init; }

    /// <summary>Of its content, not of its encoding.</summary>
    public required int Bytes { get; init; }
}
