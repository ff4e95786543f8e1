using System.Text;
using FunctionsBroker.Contracts.Events;

namespace FunctionsBroker.SessionHost.Events;

/// <summary>A stretch of a <see cref="TurnEventLog"/>.</summary>
/// <param name="Start">The position at which it begins.</param>
internal abstract record EventSegment(long Start)
{
    private const int Overhead = 128;

    /// <summary>The position behind it.</summary>
    public abstract long End { get; }

    /// <summary>About how much memory it takes.</summary>
    public abstract int Bytes { get; }

    /// <summary>Text, each of whose characters is one position.</summary>
    public sealed record Text(long Start) : EventSegment(Start)
    {
        /// <summary>The most that is told in one event.</summary>
        public const int MaxLength = 16 * 1024;

        private readonly StringBuilder _text = new();

        public override long End => Start + _text.Length;

        public override int Bytes => (_text.Length * sizeof(char)) + Overhead;

        /// <returns>How many characters it took: fewer than there are when it is full.</returns>
        public int Append(ReadOnlySpan<char> text)
        {
            var room = Math.Min(MaxLength - _text.Length, text.Length);
            if (room > 0 && room < text.Length && char.IsHighSurrogate(text[room - 1]))
            {
                room--;
            }

            _text.Append(text[..room]);
            return room;
        }

        public string From(long position) => _text.ToString((int)(position - Start), (int)(End - position));

        public string To(long position) => _text.ToString(0, (int)(Math.Min(position, End) - Start));
    }

    /// <summary>Anything else: one position.</summary>
    /// <param name="Size">About how much memory its texts take, in bytes.</param>
    public sealed record Single(long Start, TurnEvent Event, int Size) : EventSegment(Start)
    {
        public override long End => Start + 1;

        public override int Bytes => Size + Overhead;
    }
}
