using System.Security.Cryptography;
using System.Text;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Sessions.Attachments;

/// <summary>What a user sends along with one turn.</summary>
/// <param name="Id">Names this content: the same attachments in the same order have the same, and no others.</param>
public sealed record AttachmentSet(string Id, IReadOnlyList<Attachment> Attachments)
{
    /// <returns>Null when there are none.</returns>
    public static AttachmentSet? Of(IReadOnlyList<Attachment>? attachments) =>
        attachments is { Count: > 0 } ? new AttachmentSet(IdOf(attachments), attachments) : null;

    // Each part goes in with its length, so that no two different sets give the same bytes.
    private static string IdOf(IReadOnlyList<Attachment> attachments)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in attachments.SelectMany(attachment => (string[])[attachment.Name, attachment.MediaType, attachment.Data]))
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
