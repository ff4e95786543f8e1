using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Events;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Functions.OpenAi.Wire;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>Tells a turn's events as pieces of a chat completion. For one listener.</summary>
/// <param name="turn">The turn.</param>
/// <param name="model">As the request names it.</param>
/// <param name="stop">What ends the answer.</param>
/// <param name="withUsage">Whether a piece with the usage is wanted.</param>
internal sealed class ChatChunks(TurnRecord turn, string model, StopSequences stop, bool withUsage)
{
    private static readonly byte[] s_done = "[DONE]"u8.ToArray();

    private readonly StreamedText _text = new();
    private readonly StopFilter _stop = stop.Filter();
    private readonly StringBuilder _told = new();

    /// <summary>Whether the turn has ended, in whatever way.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The answer as it was told; null while it was not told whole.</summary>
    public string? Told { get; private set; }

    /// <summary>The first piece.</summary>
    public byte[] Begin() => Piece(new ChunkDelta { Role = ChatAnswer.Assistant, Content = string.Empty });

    /// <summary>An answer in one piece.</summary>
    public IReadOnlyList<byte[]> TellWhole(Reply reply) => [Piece(new ChunkDelta { Content = reply.Text }), .. End(reply)];

    /// <returns>The data of one server-sent event each.</returns>
    public async IAsyncEnumerable<byte[]> TellAsync(
        IAsyncEnumerable<NumberedEvent> events,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Begin();
        await foreach (var told in events.WithCancellation(cancellationToken))
        {
            var (pieces, isLast) = Tell(told.Event);
            HasEnded = isLast;
            foreach (var piece in pieces)
            {
                yield return piece;
            }

            if (isLast)
            {
                yield break;
            }
        }
    }

    private (IReadOnlyList<byte[]> Pieces, bool IsLast) Tell(TurnEvent told)
    {
        switch (told)
        {
            case TurnEvent.Delta delta:
                return Add(delta.Text) is { } text ? (text, false) : (Restarted(), true);
            case TurnEvent.Reset:
                _text.Reset();
                return ([], false);
            case TurnEvent.Completed completed:
                return (_text.IsWhole ? EndTold(completed.Reply) : Restarted(), true);
            case TurnEvent.Failed failed:
                return ([Error(failed.Problem)], true);
            default:
                return ([], false);
        }
    }

    private List<byte[]>? Add(string piece) => _text.Add(piece) is { } text ? Say(_stop.Add(text)) : null;

    private List<byte[]> Say(string text)
    {
        _told.Append(text);
        return text.Length == 0 ? [] : [Piece(new ChunkDelta { Content = text })];
    }

    private List<byte[]> EndTold(Reply reply)
    {
        var rest = Say(_stop.End());
        Told = _told.ToString();
        return [.. rest, .. End(reply)];
    }

    private List<byte[]> End(Reply reply)
    {
        var end = Chunk() with
        {
            Choices = [new ChunkChoice(new ChunkDelta(), FinishReasons.Stop)],
            Broker = BrokerPart.Of(turn, reply),
        };
        List<byte[]> pieces = [Write(end)];
        if (withUsage)
        {
            pieces.Add(Write(Chunk() with { Usage = ChatUsage.Of(reply.Usage) }));
        }

        pieces.Add(s_done);
        return pieces;
    }

    private IReadOnlyList<byte[]> Restarted() => [Error(ProblemCatalogue.ReplyRestarted(turn.Location()))];

    private byte[] Piece(ChunkDelta delta) => Write(Chunk() with { Choices = [new ChunkChoice(delta)] });

    private ChatChunk Chunk() => new()
    {
        Id = ChatIds.Of(turn.TurnId),
        Created = turn.Timings.CreatedAt.ToUnixTimeSeconds(),
        Model = model,
    };

    private static byte[] Write(ChatChunk chunk) => JsonSerializer.SerializeToUtf8Bytes(chunk, OpenAiJsonContext.Default.ChatChunk);

    /// <summary>The piece that takes the place of the rest of an answer.</summary>
    public static byte[] Error(Problem problem) =>
        JsonSerializer.SerializeToUtf8Bytes(OpenAiErrors.Of(problem, null), OpenAiJsonContext.Default.ErrorBody);
}

/// <summary>What of a turn's text may be sent to a listener from whom nothing can be taken back.</summary>
internal sealed class StreamedText
{
    private readonly StringBuilder _sent = new();
    private int _told;

    /// <summary>Whether all that was sent has been told since the last reset.</summary>
    public bool IsWhole => _told >= _sent.Length;

    /// <summary>What is told from now on stands in the place of what was told before.</summary>
    public void Reset() => _told = 0;

    /// <summary>Takes the next piece.</summary>
    /// <returns>What of it is new to the listener; null when it contradicts what was sent.</returns>
    public string? Add(string piece)
    {
        var known = Math.Clamp(_sent.Length - _told, 0, piece.Length);
        if (_sent.ToString(_told, known) != piece[..known])
        {
            return null;
        }

        _told += piece.Length;
        _sent.Append(piece, known, piece.Length - known);
        return piece[known..];
    }
}
