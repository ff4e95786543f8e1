using FunctionsBroker.Contracts.Events;

namespace FunctionsBroker.SessionHost.Events;

/// <summary>What has happened in a turn so far, for any number of readers, each at its own speed.</summary>
/// <remarks>
/// A position is a count: one for every character of text and one for every other event. So a reader can go on from
/// wherever it was, text that it has not read yet comes in one piece however many pieces it came in, and nothing is kept
/// for a reader. Memory is bounded: the oldest is dropped, and a reader that needed it begins anew with what is left.
/// Writers never wait.
/// </remarks>
/// <param name="maxBytes">About how much memory it may take; the latest event is kept whatever its size.</param>
internal sealed class TurnEventLog(int maxBytes)
{
    /// <summary>Apart from text, which has no end of its own.</summary>
    public const int MaxEvents = 4096;

    /// <summary>Why a reader is told to begin anew when it is not the turn that begins anew.</summary>
    public const string Overflow = "This listener was too late or too slow: the beginning is no longer kept.";

    private readonly Lock _lock = new();
    private readonly List<EventSegment> _segments = [];
    private readonly List<TurnEvent> _open = [];
    private TaskCompletionSource? _changed;
    private char? _half;
    private long _start;
    private long _end;
    private long _bytes;
    private long _droppedCharacters;
    private bool _closed;

    /// <summary>About how much memory it takes.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Adds text.</summary>
    public void Append(string text)
    {
        lock (_lock)
        {
            if (!_closed && text.Length > 0)
            {
                AddText(text);
                Trim();
            }
        }

        Wake();
    }

    /// <summary>Adds any other event. After the last one nothing more is taken.</summary>
    /// <param name="size">About how much memory its texts take, in bytes.</param>
    public void Append(TurnEvent turnEvent, int size)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            Note(turnEvent);
            Add(turnEvent, size);
            Trim();
            _closed = turnEvent.IsLast;
        }

        Wake();
    }

    /// <summary>Takes back everything but the beginning of the text, and the events among it.</summary>
    public void Reset(string reason, long keptCharacters)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            var kept = Kept(keptCharacters - _droppedCharacters);
            _droppedCharacters = Math.Min(_droppedCharacters, keptCharacters);
            Clear();
            Add(new TurnEvent.Reset(reason), reason.Length * sizeof(char));
            foreach (var segment in kept)
            {
                AddAgain(segment);
            }
        }

        Wake();
    }

    /// <summary>What comes after a position.</summary>
    /// <param name="position">0, or the position of the event that was read last.</param>
    /// <returns>Null when there is nothing more yet.</returns>
    public (TurnEvent Event, long Position)? Read(long position)
    {
        lock (_lock)
        {
            if (position < _start || position > _end)
            {
                // The turn's own word to begin anew comes next, or the reader needs ours.
                return _segments is [EventSegment.Single { Event: TurnEvent.Reset } reset, ..]
                    ? (reset.Event, reset.End)
                    : (new TurnEvent.Reset(Overflow), _start);
            }

            if (position == _end)
            {
                return null;
            }

            var segment = _segments[Find(position)];
            return segment switch
            {
                EventSegment.Single single => (single.Event, single.End),
                EventSegment.Text text => (new TurnEvent.Delta(text.From(position)), text.End),
                _ => null,
            };
        }
    }

    /// <summary>Whether there will never be anything after the position.</summary>
    public bool IsOver(long position)
    {
        lock (_lock)
        {
            return _closed && position == _end;
        }
    }

    /// <summary>Completes when there is something after the position.</summary>
    public Task WaitAsync(long position)
    {
        lock (_lock)
        {
            if (position != _end)
            {
                return Task.CompletedTask;
            }

            _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _changed.Task;
        }
    }

    private void AddText(string text)
    {
        // Half a character is kept back until its other half comes.
        var whole = _half is { } half ? half + text : text;
        _half = char.IsHighSurrogate(whole[^1]) ? whole[^1] : null;
        var rest = whole.AsSpan(0, whole.Length - (_half is null ? 0 : 1));
        while (rest.Length > 0)
        {
            if (_segments is not [.., EventSegment.Text last])
            {
                last = new EventSegment.Text(_end);
                Put(last);
            }

            var taken = last.Append(rest);
            _end += taken;
            _bytes += taken * sizeof(char);
            rest = rest[taken..];
            if (rest.Length > 0)
            {
                Put(new EventSegment.Text(_end));
            }
        }
    }

    private void Add(TurnEvent turnEvent, int size)
    {
        _half = null;
        Put(new EventSegment.Single(_end, turnEvent, size));
        _end++;
    }

    private void Put(EventSegment segment)
    {
        _segments.Add(segment);
        _bytes += segment.Bytes;
    }

    private void AddAgain(EventSegment segment)
    {
        if (segment is EventSegment.Text text)
        {
            AddText(text.To(text.End));
        }
        else if (segment is EventSegment.Single single)
        {
            Add(single.Event, single.Size);
        }
    }

    // What a reader who comes later still has to know of.
    private void Note(TurnEvent turnEvent)
    {
        if (turnEvent is TurnEvent.Permission permission)
        {
            _open.RemoveAll(open => open is TurnEvent.Permission asked && asked.RequestId == permission.RequestId);
            if (permission.State == PermissionState.Asked)
            {
                _open.Add(permission);
            }
        }
    }

    private List<EventSegment> Kept(long characters)
    {
        List<EventSegment> kept = [];
        foreach (var segment in _segments)
        {
            if (characters <= 0)
            {
                break;
            }

            if (segment is EventSegment.Text text)
            {
                var beginning = new EventSegment.Text(0);
                beginning.Append(text.To(text.Start + characters));
                characters -= text.End - text.Start;
                kept.Add(beginning);
            }
            else if (segment is EventSegment.Single { Event: not TurnEvent.Reset })
            {
                kept.Add(segment);
            }
        }

        return kept;
    }

    private void Clear()
    {
        _segments.Clear();
        _bytes = 0;
        _start = _end;
    }

    private void Trim()
    {
        if (_bytes <= maxBytes && _segments.Count <= MaxEvents)
        {
            return;
        }

        // A quarter at once, so that it is not done for every event.
        var dropped = 0;
        while (dropped < _segments.Count - 1 && (_bytes > maxBytes * 3L / 4 || _segments.Count - dropped > MaxEvents * 3 / 4))
        {
            var segment = _segments[dropped++];
            _bytes -= segment.Bytes;
            _droppedCharacters += segment is EventSegment.Text ? segment.End - segment.Start : 0;
        }

        var unanswered = _segments.Take(dropped).OfType<EventSegment.Single>().Where(segment => _open.Contains(segment.Event)).ToList();
        _segments.RemoveRange(0, dropped);
        _start = _segments[0].Start;
        foreach (var question in unanswered)
        {
            AddAgain(question);
        }
    }

    private int Find(long position)
    {
        // Readers are mostly at the end.
        var index = _segments.Count - 1;
        if (_segments[index].Start <= position)
        {
            return index;
        }

        var low = 0;
        while (low < index)
        {
            var middle = (low + index + 1) / 2;
            if (_segments[middle].Start <= position)
            {
                low = middle;
            }
            else
            {
                index = middle - 1;
            }
        }

        return low;
    }

    private void Wake()
    {
        TaskCompletionSource? changed;
        lock (_lock)
        {
            (changed, _changed) = (_changed, null);
        }

        changed?.TrySetResult();
    }
}
