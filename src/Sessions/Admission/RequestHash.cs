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
    /// What came later than the first four parts goes in with its name, and only where it is set, so that the hashes of
    /// older rows stay good.
    /// </remarks>
    public static string Of(TurnSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);

        using var hash = new PartHash();
        hash.Append(submission.Prompt);
        hash.Append(submission.Profile);
        hash.Append(submission.ReplyTo);
        hash.Append(submission.Metadata?.GetRawText());
        AppendIfSet(hash, nameof(submission.OnBusy), submission.OnBusy == OnBusy.Queue ? null : submission.OnBusy.ToString());
        AppendIfSet(hash, nameof(submission.Deadline), submission.Deadline?.Ticks.ToString(CultureInfo.InvariantCulture));
        AppendIfSet(hash, nameof(submission.Command), submission.Command?.ToString());
        AppendIfSet(hash, nameof(submission.Attachments), submission.Attachments?.Id);
        return hash.ToString();
    }

    private static void AppendIfSet(PartHash hash, string name, string? part)
    {
        if (part is not null)
        {
            hash.Append(name);
            hash.Append(part);
        }
    }
}

/// <summary>SHA-256 over texts one after the other, each with its length, so that no two different rows of texts give the same bytes.</summary>
public sealed class PartHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <param name="part">Null is another part than an empty one.</param>
    public void Append(string? part)
    {
        var bytes = part is null ? [] : Encoding.UTF8.GetBytes(part);
        _hash.AppendData(BitConverter.GetBytes(part is null ? -1 : bytes.Length));
        _hash.AppendData(bytes);
    }

    /// <returns>The hash of what was appended, in lower-case hexadecimal.</returns>
    public override string ToString() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();
}
