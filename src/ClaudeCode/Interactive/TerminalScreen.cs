using System.Text;

namespace FunctionsBroker.ClaudeCode.Interactive;

/// <summary>What a person would see in the terminal: characters in rows, without colours.</summary>
/// <remarks>
/// The CLI paints with cursor movements instead of spaces and newlines, so taking the escape sequences out of its output
/// would leave words without gaps. Understood is what moves or erases; everything else is skipped. Its size is fixed, so
/// that memory is bounded whatever is written. One caller writes; any may read.
/// </remarks>
internal sealed class TerminalScreen
{
    public const int Rows = 50;
    public const int Columns = 200;

    private const int TabWidth = 8;

    private readonly Lock _lock = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly TerminalSequence _sequence = new();
    private readonly char[][] _rows = [.. Enumerable.Range(0, Rows).Select(_ => NewRow())];
    private TaskCompletionSource _changed = NewSignal();
    private int _row;
    private int _column;
    private (int Row, int Column) _saved;

    /// <summary>Ends when something more is written.</summary>
    public Task Changed
    {
        get
        {
            lock (_lock)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>The rows that are not empty, joined by newlines.</summary>
    public string Text
    {
        get
        {
            lock (_lock)
            {
                return string.Join('\n', _rows.Select(row => new string(row).TrimEnd()).Where(row => row.Length > 0));
            }
        }
    }

    public void Write(ReadOnlySpan<byte> output)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            var characters = new char[_decoder.GetCharCount(output, flush: false)];
            _decoder.GetChars(output, characters, flush: false);
            foreach (var character in characters)
            {
                Take(character);
            }

            (changed, _changed) = (_changed, NewSignal());
        }

        changed.SetResult();
    }

    private void Take(char character)
    {
        switch (_sequence.Take(character))
        {
            case TerminalSequence.State.Text:
                Put(character);
                break;
            case TerminalSequence.State.Complete:
                Obey(_sequence);
                break;
        }
    }

    private void Put(char character)
    {
        switch (character)
        {
            case '\r':
                _column = 0;
                break;
            case '\n':
                LineFeed();
                break;
            case '\b':
                _column = Math.Max(0, _column - 1);
                break;
            case '\t':
                _column = Math.Min(Columns - 1, (_column / TabWidth + 1) * TabWidth);
                break;
            case < ' ' or '\u007f':
                break;
            default:
                if (_column == Columns)
                {
                    _column = 0;
                    LineFeed();
                }

                _rows[_row][_column++] = character;
                break;
        }
    }

    private void LineFeed()
    {
        if (_row < Rows - 1)
        {
            _row++;
            return;
        }

        Array.Copy(_rows, 1, _rows, 0, Rows - 1);
        _rows[Rows - 1] = NewRow();
    }

    private void Obey(TerminalSequence sequence)
    {
        var count = Math.Max(1, sequence.Parameter(0, 1));
        switch (sequence.Command)
        {
            case 'A': MoveTo(_row - count, _column); break;
            case 'B' or 'e': MoveTo(_row + count, _column); break;
            case 'C' or 'a': MoveTo(_row, _column + count); break;
            case 'D': MoveTo(_row, _column - count); break;
            case 'E': MoveTo(_row + count, 0); break;
            case 'F': MoveTo(_row - count, 0); break;
            case 'G' or '`': MoveTo(_row, count - 1); break;
            case 'd': MoveTo(count - 1, _column); break;
            case 'H' or 'f': MoveTo(count - 1, Math.Max(1, sequence.Parameter(1, 1)) - 1); break;
            case 'J': EraseScreen(sequence.Parameter(0, 0)); break;
            case 'K': EraseLine(sequence.Parameter(0, 0)); break;
            case 'X': Erase(_row, _column, _column + count); break;
            case '7' or 's': _saved = (_row, _column); break;
            case '8' or 'u': MoveTo(_saved.Row, _saved.Column); break;
        }
    }

    private void MoveTo(int row, int column)
    {
        _row = Math.Clamp(row, 0, Rows - 1);
        _column = Math.Clamp(column, 0, Columns - 1);
    }

    private void EraseScreen(int what)
    {
        var (first, last) = what switch { 0 => (_row + 1, Rows), 1 => (0, _row), _ => (0, Rows) };
        for (var row = first; row < last; row++)
        {
            Erase(row, 0, Columns);
        }

        EraseLine(what);
    }

    private void EraseLine(int what)
    {
        var (first, last) = what switch { 0 => (_column, Columns), 1 => (0, _column + 1), _ => (0, Columns) };
        Erase(_row, first, last);
    }

    private void Erase(int row, int first, int last)
    {
        var end = Math.Min(last, Columns);
        if (first < end)
        {
            _rows[row].AsSpan(first..end).Fill(' ');
        }
    }

    private static char[] NewRow()
    {
        var row = new char[Columns];
        Array.Fill(row, ' ');
        return row;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
