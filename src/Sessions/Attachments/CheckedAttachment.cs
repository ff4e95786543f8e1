namespace FunctionsBroker.Sessions.Attachments;

/// <summary>An attachment that has been found to be what it is said to be.</summary>
/// <param name="MediaType">In lower case, without parameters.</param>
/// <param name="Content">The text of a text, else the file in base64.</param>
/// <param name="Bytes">The file's size.</param>
public sealed record CheckedAttachment(AttachmentKind Kind, string Name, string MediaType, string Content, int Bytes);
