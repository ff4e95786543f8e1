using System.Security.Cryptography;
using System.Text;

namespace FunctionsBroker.Sessions.Admission;

/// <summary>Tells the repetition of a request from another request under the same key.</summary>
public static class RequestHash
{
    /// <summary>SHA-256 over everything that makes the turn what it is, in lower-case hexadecimal.</summary>
    /// <remarks>Each part goes in with its length, so that no two different submissions give the same bytes.</remarks>
    public static string Of(TurnSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, submission.Prompt);
        Append(hash, submission.Profile);
        Append(hash, submission.ReplyTo);
        Append(hash, submission.Metadata?.GetRawText());
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string? part)
    {
        var bytes = part is null ? [] : Encoding.UTF8.GetBytes(part);
        hash.AppendData(BitConverter.GetBytes(part is null ? -1 : bytes.Length));
        hash.AppendData(bytes);
    }
}
