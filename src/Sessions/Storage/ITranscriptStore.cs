using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Storage;

/// <summary>The blobs in which sessions' transcripts are kept, so that any host can take a conversation up.</summary>
/// <remarks>
/// A blob has one writer, the host that named it, and grows at its end only. Which blob counts, and how much of it, is in the
/// session's row: what a host appends that has lost the session is read by nobody.
/// </remarks>
public interface ITranscriptStore
{
    /// <summary>Adds to a blob, which is made by the first addition.</summary>
    /// <param name="blob">Its name, as <see cref="TranscriptBlobs.New"/> gives it.</param>
    /// <param name="at">The blob's length before, in bytes.</param>
    /// <param name="length">How much of <paramref name="lines"/> is added, in bytes; more than 0.</param>
    /// <returns>False when the blob's length is another, or it can take no more: a new one has to be begun.</returns>
    Task<bool> AppendAsync(string blob, long at, Stream lines, long length, CancellationToken cancellationToken);

    /// <summary>Copies the beginning of a blob.</summary>
    /// <param name="length">How much, in bytes.</param>
    /// <returns>False when there is no such blob, or it is shorter.</returns>
    Task<bool> CopyAsync(string blob, long length, Stream target, CancellationToken cancellationToken);

    /// <summary>Removes a blob if it is there.</summary>
    Task DeleteAsync(string blob, CancellationToken cancellationToken);

    /// <summary>Removes all blobs of a session.</summary>
    Task DeleteAllAsync(RouteId route, CancellationToken cancellationToken);
}

/// <summary>The names of blobs of transcripts.</summary>
public static class TranscriptBlobs
{
    /// <summary>The container that they are in.</summary>
    public const string Container = "transcripts";

    /// <summary>A name that no blob has.</summary>
    public static string New(RouteId route) => $"{Prefix(route)}{Guid.NewGuid():N}.jsonl";

    /// <summary>What the names of a session's blobs begin with.</summary>
    public static string Prefix(RouteId route) => $"{route.Value}/";
}
