namespace FunctionsBroker.Sessions.Attachments;

/// <summary>How the model is shown an attachment.</summary>
public enum AttachmentKind
{
    Image,
    Pdf,
    Text,
}
