using System.Text;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>The texts at which an answer ends, without them: the member <c>stop</c> of a request.</summary>
internal sealed class StopSequences(IReadOnlyList<string> texts)
{
    public static StopSequences None { get; } = new([]);

    public IReadOnlyList<string> Texts => texts;

    /// <returns>The text up to the first of them.</returns>
    public string Cut(string text) => FindStop(text) is { } at ? text[..at] : text;

    /// <summary>For an answer that comes in pieces.</summary>
    public StopFilter Filter() => new(this);

    /// <returns>Where the first of them begins; null when none is there.</returns>
    internal int? FindStop(string text)
    {
        var found = texts.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).ToList();
        return found.Count == 0 ? null : found.Min();
    }

    /// <returns>How much of the end of a text could be the beginning of one of them.</returns>
    internal int LongestBeginning(string text)
    {
        var longest = 0;
        foreach (var stop in texts)
        {
            for (var length = Math.Min(stop.Length - 1, text.Length); length > longest; length--)
            {
                if (text.EndsWith(stop[..length], StringComparison.Ordinal))
                {
                    longest = length;
                }
            }
        }

        return longest;
    }
}

/// <summary>Holds back what could be the beginning of a stop sequence, and everything from one on.</summary>
internal sealed class StopFilter(StopSequences stops)
{
    private readonly StringBuilder _held = new();

    private bool IsStopped { get; set; }

    /// <returns>What may be told now.</returns>
    public string Add(string piece)
    {
        if (IsStopped || stops.Texts.Count == 0)
        {
            return IsStopped ? string.Empty : piece;
        }

        var text = _held.Append(piece).ToString();
        _held.Clear();
        if (stops.FindStop(text) is { } at)
        {
            IsStopped = true;
            return text[..at];
        }

        var held = stops.LongestBeginning(text);
        _held.Append(text, text.Length - held, held);
        return text[..^held];
    }

    /// <returns>What was held back for nothing: the answer has ended.</returns>
    public string End()
    {
        var rest = _held.ToString();
        _held.Clear();
        return rest;
    }
}
