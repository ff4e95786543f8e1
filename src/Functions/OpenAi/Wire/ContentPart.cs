namespace FunctionsBroker.Functions.OpenAi.Wire;

/// <summary>A part of a message.</summary>
internal sealed record ContentPart
{
    public const string TextType = "text";
    public const string ImageType = "image_url";
    public const string FileType = "file";

    public string? Type { get; init; }

    public string? Text { get; init; }

    public ImageUrl? ImageUrl { get; init; }

    public FileData? File { get; init; }
}
