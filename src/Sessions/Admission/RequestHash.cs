using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Sessions.Admission;

/// <summary>Tells the repetition of a request from another request under the same key.</summary>
public static class RequestHash
{
    /// <summary>SHA-256 over everything that makes the turn what it is, in lower-case hexadecimal.</summary>
    /// <remarks>
    /// Each part goes in with its length, so that no two different submissions give the same bytes. What came later than
    /// the first four parts goes in with its name, and only where it is set, so that the hashes of older rows stay good.
    /// </remarks>
    public static string Of(TurnSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, submission.Prompt);
        Append(hash, submission.Profile);
        Append(hash, submission.ReplyTo);
        Append(hash, submission.Metadata?.GetRawText());
        AppendIfSet(hash, nameof(submission.OnBusy), submission.OnBusy == OnBusy.Queue ? null : submission.OnBusy.ToString());
        AppendIfSet(hash, nameof(submission.Deadline), submission.Deadline?.Ticks.ToString(CultureInfo.InvariantCulture));
        AppendIfSet(hash, nameof(submission.Attachments), submission.Attachments?.Id);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void AppendIfSet(IncrementalHash hash, string name, string? part)
    {
        if (part is not null)
        {
            Append(hash, name);
            Append(hash, part);
        }
    }

    private static void Append(IncrementalHash hash, string? part)
    {
        var bytes = part is null ? [] : Encoding.UTF8.GetBytes(part);
        hash.AppendData(BitConverter.GetBytes(part is null ? -1 : bytes.Length));
        hash.AppendData(bytes);
    }
}
