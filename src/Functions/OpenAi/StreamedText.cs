using System.Text;

namespace FunctionsBroker.Functions.OpenAi;

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
