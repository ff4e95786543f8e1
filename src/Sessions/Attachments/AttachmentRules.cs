using System.Buffers.Text;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Sessions.Attachments;

/// <summary>Checks what a user sends along, and takes it apart.</summary>
public static class AttachmentRules
{
    /// <summary>Checks all attachments of a turn.</summary>
    /// <param name="taken">What they hold, in their order, up to the first that is not taken.</param>
    /// <returns>Null, or what is wrong with that one.</returns>
    public static Problem? Check(IReadOnlyList<Attachment> attachments, AttachmentLimits limits, out IReadOnlyList<CheckedAttachment> taken)
    {
        ArgumentNullException.ThrowIfNull(attachments);
        ArgumentNullException.ThrowIfNull(limits);

        List<CheckedAttachment> sound = [];
        taken = sound;
        var total = 0L;
        foreach (var attachment in attachments)
        {
            if (sound.Count == limits.MaxCount)
            {
                return Rejected(attachment, $"It is one too many; a turn may have {limits.MaxCount}.");
            }

            var (next, fault) = Check(attachment, limits);
            if (next is null)
            {
                return Rejected(attachment, fault ?? "It cannot be read.");
            }

            total += next.Bytes;
            if (total > AttachmentLimits.MaxTotalBytes)
            {
                return Rejected(attachment, $"With it the turn's attachments have {total} bytes; together they may have {AttachmentLimits.MaxTotalBytes}.");
            }

            sound.Add(next);
        }

        return null;
    }

    private static (CheckedAttachment? Taken, string? Fault) Check(Attachment? attachment, AttachmentLimits limits)
    {
        if (attachment is not { Name: { } name, MediaType: { } declaredType, Data: { } data })
        {
            return (null, "It needs a name, a mediaType and data.");
        }

        if (name.Length is 0 or > AttachmentLimits.MaxNameLength || name.Any(char.IsControl))
        {
            return (null, $"Its name must have 1 to {AttachmentLimits.MaxNameLength} characters and no control characters.");
        }

        var mediaType = declaredType.Split(';')[0].Trim().ToLowerInvariant();
        if (AttachmentContent.KindOf(mediaType) is not { } kind)
        {
            return (null, "Its type is not taken; images (PNG, JPEG, GIF, WebP), PDF and text are.");
        }

        var limit = LimitOf(kind, limits);
        if (data.Length / 4L * 3 > limit + 2L)
        {
            return (null, $"It is too large; the limit is {limit} bytes.");
        }

        var content = new byte[(data.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64String(data, content, out var length))
        {
            return (null, "Its data is not base64.");
        }

        return Check(name, mediaType, kind, data, content.AsSpan(0, length), limit);
    }

    private static (CheckedAttachment? Taken, string? Fault) Check(
        string name,
        string mediaType,
        AttachmentKind kind,
        string data,
        ReadOnlySpan<byte> content,
        int limit)
    {
        if (content.Length > limit)
        {
            return (null, $"It is too large; the limit is {limit} bytes.");
        }

        if (content.IsEmpty)
        {
            return (null, "It is empty.");
        }

        if (!AttachmentContent.Is(mediaType, content))
        {
            return (null, kind == AttachmentKind.Text ? "It is not text in UTF-8." : $"Its content is not {mediaType}.");
        }

        // Base64 may have come with line breaks, which the model's API does not take.
        var text = kind == AttachmentKind.Text ? AttachmentContent.ReadText(content)
            : data.Length == Base64.GetMaxEncodedToUtf8Length(content.Length) ? data
            : Convert.ToBase64String(content);
        return (new CheckedAttachment(kind, name, mediaType, text, content.Length), null);
    }

    private static int LimitOf(AttachmentKind kind, AttachmentLimits limits) =>
        Math.Min(limits.MaxBytes, kind switch
        {
            AttachmentKind.Image => AttachmentLimits.MaxImageBytes,
            AttachmentKind.Text => AttachmentLimits.MaxTextBytes,
            _ => int.MaxValue,
        });

    private static Problem Rejected(Attachment? attachment, string fault) =>
        ProblemCatalogue.AttachmentRejected(
            attachment?.Name is { Length: > 0 and <= AttachmentLimits.MaxNameLength } name ? name : "(without a usable name)",
            fault);
}

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

/// <summary>An attachment that has been found to be what it is said to be.</summary>
/// <param name="MediaType">In lower case, without parameters.</param>
/// <param name="Content">The text of a text, else the file in base64.</param>
/// <param name="Bytes">The file's size.</param>
public sealed record CheckedAttachment(AttachmentKind Kind, string Name, string MediaType, string Content, int Bytes);

/// <summary>How the model is shown an attachment.</summary>
public enum AttachmentKind
{
    Image,
    Pdf,
    Text,
}
