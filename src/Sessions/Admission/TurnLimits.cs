using FunctionsBroker.Sessions.Attachments;

namespace FunctionsBroker.Sessions.Admission;

/// <summary>What a turn may be at most.</summary>
public static class TurnLimits
{
    /// <summary>The longest prompt, in bytes of UTF-8: 1 MiB. The CLI itself takes somewhat more (5 MB is refused as too long).</summary>
    public const int MaxPromptBytes = 1024 * 1024;

    /// <summary>The largest request body: a prompt whose every byte is escaped, and its envelope.</summary>
    public const int MaxBodyBytes = 8 * 1024 * 1024;

    /// <summary>The largest request body where a turn may have attachments.</summary>
    public const int MaxBodyBytesWithAttachments = MaxBodyBytes + AttachmentLimits.MaxTotalBase64;

    /// <summary>The longest deadline, in seconds: a day.</summary>
    public const int MaxDeadlineSeconds = 24 * 60 * 60;

    /// <summary>The largest metadata, in characters of JSON: 16 KiB, so that it fits into a reply message.</summary>
    public const int MaxMetadataLength = 16 * 1024;
}
