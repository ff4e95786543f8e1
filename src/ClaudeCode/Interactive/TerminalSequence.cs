namespace FunctionsBroker.ClaudeCode.Interactive;

/// <summary>Tells the characters of a terminal's output from its control sequences, one character after the other.</summary>
/// <remarks>By ECMA-48: <c>ESC [</c>, parameters, a letter; strings that end with BEL or <c>ESC \</c> are skipped.</remarks>
internal sealed class TerminalSequence
{
    private const char Escape = '\u001b';
    private const char Bell = '\a';
    private const int MostParameters = 16;
    private const int LargestParameter = 9_999;

    private readonly List<int> _parameters = [];
    private Place _place;
    private bool _private;

    internal enum State
    {
        /// <summary>The character is to be shown, or is a control character.</summary>
        Text,

        /// <summary>It is part of a sequence.</summary>
        Inside,

        /// <summary>It ends one that may be obeyed.</summary>
        Complete,
    }

    private enum Place
    {
        Outside,
        Begun,
        Control,
        Charset,
        String,
        StringEnd,
    }

    /// <summary>The letter of the sequence that has just ended.</summary>
    public char Command { get; private set; }

    /// <summary>A number of the sequence that has just ended.</summary>
    public int Parameter(int index, int missing) =>
        index < _parameters.Count && _parameters[index] >= 0 ? _parameters[index] : missing;

    public State Take(char character)
    {
        switch (_place)
        {
            case Place.Outside when character != Escape:
                return State.Text;
            case Place.Outside:
                _place = Place.Begun;
                return State.Inside;
            case Place.Begun:
                return Begin(character);
            case Place.Control:
                return Continue(character);
            case Place.String when character == Bell:
                _place = Place.Outside;
                return State.Inside;
            case Place.String:
                _place = character == Escape ? Place.StringEnd : Place.String;
                return State.Inside;
            case Place.StringEnd when character != '\\':
                // Another sequence has broken the string off.
                return Begin(character);
            default:
                _place = Place.Outside;
                return State.Inside;
        }
    }

    private State Begin(char character)
    {
        _parameters.Clear();
        _private = false;
        _place = character switch
        {
            '[' => Place.Control,
            ']' or 'P' or 'X' or '^' or '_' => Place.String,
            '(' or ')' or '*' or '+' or '#' or '%' => Place.Charset,
            Escape => Place.Begun,
            _ => Place.Outside,
        };
        if (character is '7' or '8')
        {
            Command = character;
            return State.Complete;
        }

        return State.Inside;
    }

    private State Continue(char character)
    {
        switch (character)
        {
            case >= '0' and <= '9':
                AddDigit(character - '0');
                return State.Inside;
            case ';' or ':':
                if (_parameters.Count == 0)
                {
                    _parameters.Add(-1);
                }

                Open();
                return State.Inside;
            case >= '@' and <= '~':
                _place = Place.Outside;
                Command = character;
                return _private ? State.Inside : State.Complete;
            case Escape:
                _place = Place.Begun;
                return State.Inside;
            default:
                // Modes of the terminal, and what has marks that are not obeyed here.
                _private = true;
                return State.Inside;
        }
    }

    private void AddDigit(int digit)
    {
        if (_parameters.Count == 0)
        {
            Open();
        }

        _parameters[^1] = Math.Min(LargestParameter, (Math.Max(0, _parameters[^1]) * 10) + digit);
    }

    private void Open()
    {
        if (_parameters.Count < MostParameters)
        {
            _parameters.Add(-1);
        }
    }
}
