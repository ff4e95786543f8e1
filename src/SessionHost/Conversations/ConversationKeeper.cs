using System.Globalization;
using FunctionsBroker.ClaudeCode.Exchanges;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Transcripts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.SessionHost.Claims;
using FunctionsBroker.SessionHost.Outcomes;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Conversations;

/// <summary>Keeps one session's conversation in a blob for the host that has the session next, and takes it up from there.</summary>
/// <remarks>
/// On the host's disk the conversation counts only while nobody else has had the session since: <see cref="HeldMark"/> names the
/// placement that it is of, the row the one that was last. <see cref="KeepAsync"/> may run beside the next turn, the rest not.
/// </remarks>
internal sealed partial class ConversationKeeper(
    SessionId session,
    string hostId,
    string workPath,
    ITurnStore turns,
    ITranscriptStore blobs,
    SessionClaim claim,
    TimeProvider time,
    ILogger logger) : IDisposable
{
    /// <summary>In a reply of a conversation whose transcript is gone.</summary>
    public const string TranscriptLostNotice =
        "The transcript of the earlier conversation is gone; this reply begins a new one, which was told the messages that are still known.";

    // What the CLI writes last comes after it has reported the answer, in a terminal.
    private static readonly TimeSpan s_answerPatience = TimeSpan.FromSeconds(1);

    private static readonly RetryDelays s_delays = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(15));

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Lock _sync = new();
    private readonly TranscriptDigest _digest = new();
    private HeldMark? _mark;
    private int _copy;
    private KeptTranscript? _own;
    private (long Length, DateTime Written, long Offset)? _whole;
    private (int Copy, Guid Conversation)? _read;
    private long _answered;

    /// <summary>The session was claimed: looks whether its conversation is on this disk.</summary>
    /// <param name="former">The session's row as it was found; null when there was none.</param>
    /// <returns>False when somebody else has had it since: what is here, a process of it included, is not to be used.</returns>
    public bool TryTakeUp(SessionRecord? former)
    {
        var record = Record;
        var folders = FoldersOf(record);
        var mark = _mark ?? HeldMark.Read(folders);
        var isHere = former is null
            || former.IsUnused
            || (former.HostId == hostId && mark is { } held && held.SessionId == session.Value && held.Epoch == former.Epoch);
        if (!isHere)
        {
            LetGo(folders, _copy);
            return false;
        }

        if (_own is null && mark?.Blob is { } blob && blob == record.TranscriptBlob)
        {
            _own = new KeptTranscript(record.ClaudeSessionId, blob, record.TranscriptOffset, record.TranscriptDigest);
        }

        Note((mark ?? new HeldMark { SessionId = session.Value, Epoch = record.Epoch }) with { Epoch = record.Epoch });
        return true;
    }

    /// <summary>Whether the conversation is on this disk, and what the row tells of it is what was kept.</summary>
    public async Task<bool> HasConversationAsync(CancellationToken cancellationToken)
    {
        var record = Record;
        if (_mark is null || record.TranscriptBlob is null)
        {
            return _mark is not null;
        }

        var transcript = FoldersOf(record).Transcript(record.ClaudeSessionId);
        var whole = await IsWholeAsync(transcript.Path, record, cancellationToken);
        if (!whole)
        {
            LogNotWhole(logger, session, transcript.Length, record.TranscriptOffset);
        }

        return whole;
    }

    /// <summary>Brings the conversation to this disk: the transcript's blob, and the answered turns that it does not have.</summary>
    /// <remarks>Not while a process lives in it.</remarks>
    /// <param name="note">Is told what the reader of the next reply should know.</param>
    /// <returns>Null, or why it could not be brought.</returns>
    public async Task<Problem?> FetchAsync(Action<string> note, CancellationToken stopping)
    {
        Problem? problem = null;
        var fetched = await s_delays.TryAsync(
            async () => problem = await FetchOnceAsync(note, stopping),
            (exception, delay) => LogNotFetched(logger, exception, session, delay),
            time,
            stopping);
        return fetched ? problem : ProblemCatalogue.ConversationUnavailable();
    }

    /// <summary>Adds to the blob what the transcript has gained.</summary>
    /// <remarks>
    /// Where the turn's answer does not get into the transcript (a disk that is full), later lines follow one that is not there: then
    /// what is on the disk counts no more, and the next process begins with the blob and is told of this turn and those after it.
    /// </remarks>
    /// <param name="record">The session's row as the turn found it.</param>
    /// <param name="length">The transcript's length after the turn.</param>
    /// <param name="answered">Whether the model has answered with text, which the transcript must have then.</param>
    /// <returns>Null when it could not be added to, which the next turn makes up for.</returns>
    public async Task<KeptTranscript?> KeepAsync(SessionRecord record, long length, bool answered, CancellationToken cancellationToken)
    {
        var copy = Volatile.Read(ref _copy);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var path = FoldersOf(record).Transcript(record.ClaudeSessionId).Path;
            if (_mark is null)
            {
                return null;
            }

            if (_read != (copy, record.ClaudeSessionId))
            {
                _digest.Forget();
                (_read, _answered) = ((copy, record.ClaudeSessionId), record.TranscriptBlob is null ? 0 : record.TranscriptOffset);
            }

            var isPlain = TranscriptFile.IsPlain(path, FoldersOf(record).Config);
            var end = answered && isPlain ? await FindAnswerAsync(path, cancellationToken) : null;
            if (answered && end is null)
            {
                LogNotWritten(logger, session);
                LetGo(FoldersOf(record), copy);
                return null;
            }

            if (!isPlain)
            {
                return null;
            }

            await using var file = TranscriptFile.Open(path);
            _answered = length = Math.Max(await TranscriptFile.EndOfLineAsync(file, length, cancellationToken), end ?? 0);
            var digest = await _digest.ReadAsync(file, length, cancellationToken);
            if (_own is { } own && own.ClaudeSessionId == record.ClaudeSessionId && own.Length <= length)
            {
                if (own.Length == length || await AppendAsync(own.Blob, file, own.Length, length, cancellationToken))
                {
                    return TryOwn(own.Blob, record, length, digest, copy);
                }
            }

            var blob = TranscriptBlobs.New(record.RouteId);
            return length > 0 && await AppendAsync(blob, file, 0, length, cancellationToken) ? TryOwn(blob, record, length, digest, copy) : null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogNotKept(logger, exception, session);
            return null;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Takes the end of the transcript away.</summary>
    /// <remarks>Not while a process lives in the conversation.</remarks>
    /// <param name="length">What is left of it, in bytes.</param>
    /// <returns>False when the file is not the CLI's own.</returns>
    public async Task<bool> TryCutAsync(long length, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var folders = FoldersOf(Record);
            var path = folders.Transcript(Record.ClaudeSessionId).Path;
            if (!TranscriptFile.IsPlain(path, folders.Config))
            {
                return false;
            }

            await using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            file.SetLength(length);
            _read = null;
            if (_own is { } own && own.Length > length)
            {
                // The blob has what is gone, and can only be added to.
                _own = null;
            }

            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The row names another blob now: the one that it named before is of no use to anybody.</summary>
    public async Task DropAsync(string blob, CancellationToken cancellationToken)
    {
        try
        {
            await blobs.DeleteAsync(blob, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // It goes with the session.
            LogNotKept(logger, exception, session);
        }
    }

    public void Dispose()
    {
        _gate.Dispose();
        _digest.Dispose();
    }

    private SessionRecord Record => claim.Record ?? throw new InvalidOperationException("A conversation needs a claimed session.");

    private SessionFolders FoldersOf(SessionRecord record) => new(workPath, record.RouteId);

    private async Task<Problem?> FetchOnceAsync(Action<string> note, CancellationToken stopping)
    {
        var record = Record;
        var folders = FoldersOf(record);
        folders.DeleteConversation();
        folders.Create();
        if (record.TranscriptBlob is { } blob && !await CopyAsync(blob, record, folders, stopping))
        {
            LogGone(logger, session, blob);
            if (!await claim.UpdateAsync(record.Epoch, Anew, stopping))
            {
                return ProblemCatalogue.StaleEpoch(Record.Epoch, record.Epoch);
            }

            note(TranscriptLostNotice);
        }

        var (untold, left) = await UntoldTurns.ReadAsync(turns, session, Record.TranscriptTurnId, stopping);
        if (untold.Count > 0)
        {
            await new UntoldExchanges(folders.Exchanges).AddAsync(untold);
        }

        if (left > 0)
        {
            note(string.Create(CultureInfo.InvariantCulture, $"Claude could not be told of {left} earlier messages of this conversation: with them it would be told too much at once."));
        }

        lock (_sync)
        {
            (_mark, _own) = (null, null);
            _copy++;
            Note(new HeldMark { SessionId = session.Value, Epoch = record.Epoch });
        }

        LogFetched(logger, session, record.TranscriptOffset, untold.Count);
        return null;
    }

    private async Task<bool> CopyAsync(string blob, SessionRecord record, SessionFolders folders, CancellationToken cancellationToken)
    {
        // Beside what the session's process has, and then into place: half a transcript would pass for a whole one.
        var copy = Path.Combine(folders.Root, "transcript.new");
        await using (var file = File.Create(copy))
        {
            if (!await blobs.CopyAsync(blob, record.TranscriptOffset, file, cancellationToken))
            {
                return false;
            }
        }

        if (!await IsWholeAsync(copy, record, cancellationToken))
        {
            return false;
        }

        var path = folders.Transcript(record.ClaudeSessionId).Path;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(copy, path, overwrite: true);
        return true;
    }

    // A turn without a process asks twice, and a copy that was looked through is the same file in its place: it is read once.
    private async Task<bool> IsWholeAsync(string path, SessionRecord record, CancellationToken cancellationToken)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length < record.TranscriptOffset)
        {
            return false;
        }

        var seen = (file.Length, file.LastWriteTimeUtc, record.TranscriptOffset);
        if (record.TranscriptDigest is { } expected && seen != _whole)
        {
            await using var content = TranscriptFile.Open(path);
            using var digest = new TranscriptDigest();
            if (await digest.ReadAsync(content, record.TranscriptOffset, cancellationToken) != expected)
            {
                return false;
            }

            _whole = seen;
        }

        return true;
    }

    private async Task<long?> FindAnswerAsync(string path, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            var end = await TranscriptAnswers.FindEndAsync(path, _answered, cancellationToken);
            if (end is not null || time.GetElapsedTime(since) > s_answerPatience)
            {
                return end;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken);
        }
    }

    // Not where it has come to be another copy meanwhile.
    private void LetGo(SessionFolders folders, int copy)
    {
        lock (_sync)
        {
            if (copy == _copy)
            {
                HeldMark.Delete(folders);
                (_mark, _own) = (null, null);
                _copy++;
            }
        }
    }

    private async Task<bool> AppendAsync(string blob, FileStream file, long from, long to, CancellationToken cancellationToken)
    {
        file.Position = from;
        return await blobs.AppendAsync(blob, from, file, to - from, cancellationToken);
    }

    private void Note(HeldMark mark)
    {
        lock (_sync)
        {
            if (mark != _mark)
            {
                mark.Write(FoldersOf(Record));
                _mark = mark;
            }
        }
    }

    // Not where what is on the disk has come to be another copy meanwhile: the blob is not its beginning.
    private KeptTranscript? TryOwn(string blob, SessionRecord record, long length, string digest, int copy)
    {
        lock (_sync)
        {
            if (_mark is null || copy != _copy)
            {
                return null;
            }

            Note(_mark with { Blob = blob });
            return _own = new KeptTranscript(record.ClaudeSessionId, blob, length, digest);
        }
    }

    /// <summary>The row of a session whose next turn begins a new conversation.</summary>
    public static SessionRecord Anew(SessionRecord record) =>
        record with { ClaudeSessionId = Guid.NewGuid(), TranscriptBlob = null, TranscriptOffset = 0, TranscriptDigest = null, TranscriptTurnId = null };
}

/// <summary>What of a transcript is in a blob.</summary>
/// <param name="Length">How much of the blob counts, in bytes.</param>
/// <param name="Digest">Of that, see <see cref="SessionRecord.TranscriptDigest"/>.</param>
internal sealed record KeptTranscript(Guid ClaudeSessionId, string Blob, long Length, string? Digest);
