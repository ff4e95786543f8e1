using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Admission;

namespace FunctionsBroker.Sessions.Attachments;

/// <summary>What a user sends along with one turn.</summary>
/// <param name="Id">Names this content: the same attachments in the same order have the same, and no others.</param>
public sealed record AttachmentSet(string Id, IReadOnlyList<Attachment> Attachments)
{
    /// <returns>Null when there are none.</returns>
    public static AttachmentSet? Of(IReadOnlyList<Attachment>? attachments) =>
        attachments is { Count: > 0 } ? new AttachmentSet(IdOf(attachments), attachments) : null;

    private static string IdOf(IReadOnlyList<Attachment> attachments)
    {
        using var hash = new PartHash();
        foreach (var part in attachments.SelectMany(attachment => (string[])[attachment.Name, attachment.MediaType, attachment.Data]))
        {
            hash.Append(part);
        }

        return hash.ToString();
    }
}
