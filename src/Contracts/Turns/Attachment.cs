namespace FunctionsBroker.Contracts.Turns;

/// <summary>A file that the user sends along with a prompt.</summary>
/// <remarks>Images (PNG, JPEG, GIF, WebP), PDF, and text of any kind in UTF-8.</remarks>
public sealed record Attachment
{
    /// <summary>What the user calls it, 1 to 255 characters. The model is told the name of a document, not that of an image.</summary>
    public required string Name { get; init; }

    /// <summary>For example <c>image/png</c>, <c>application/pdf</c>, <c>text/csv</c>.</summary>
    public required string MediaType { get; init; }

    /// <summary>The file's bytes in base64.</summary>
    public required string Data { get; init; }
}
