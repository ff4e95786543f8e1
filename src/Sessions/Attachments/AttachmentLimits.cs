namespace FunctionsBroker.Sessions.Attachments;

/// <summary>How much may be sent along with one turn.</summary>
/// <remarks>
/// The Messages API takes 100 images and 32 MB in one request, an image of at most 5 MB and a PDF of at most 100 pages
/// (platform.claude.com/docs: "Vision" and "PDF support"); a request carries the attachments of all earlier turns too.
/// </remarks>
/// <param name="MaxCount">Attachments in one turn.</param>
/// <param name="MaxBytes">Of the largest one, whatever its kind.</param>
public sealed record AttachmentLimits(int MaxCount, int MaxBytes)
{
    /// <summary>The largest image: 5 MiB in base64, which is how the model is given it.</summary>
    public const int MaxImageBytes = 5 * 1024 * 1024 / 4 * 3;

    /// <summary>The largest text: 1 MiB, as for prompts.</summary>
    public const int MaxTextBytes = 1024 * 1024;

    /// <summary>All attachments of a turn together: 20 MiB, which are 27 MiB in base64.</summary>
    public const int MaxTotalBytes = 20 * 1024 * 1024;

    /// <summary>The same in base64.</summary>
    public const int MaxTotalBase64 = MaxTotalBytes / 3 * 4 + 4;

    public const int MaxNameLength = 255;

    /// <summary>Attachments in one turn, whatever its profile: 20.</summary>
    public const int MostCount = 20;

    /// <summary>What is taken at all; a profile may set lower limits.</summary>
    public static AttachmentLimits Widest { get; } = new(MostCount, MaxTotalBytes);
}
