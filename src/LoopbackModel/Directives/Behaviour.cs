namespace FunctionsBroker.LoopbackModel.Directives;

/// <summary>Decides what a request is to suffer: its own directive over the defaults, for as many requests as asked.</summary>
internal sealed class Behaviour(Directive defaults)
{
    // Enough for any test run; a forgotten count only means that a fault of an ancient prompt would befall it anew.
    private const int CountedPrompts = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _attempts = [];
    private readonly Queue<string> _order = [];
    private Directive _defaults = defaults;
    private int _defaultUses;

    public void SetDefaults(Directive defaults)
    {
        lock (_lock)
        {
            _defaults = defaults;
            _defaultUses = 0;
        }
    }

    public void Reset()
    {
        lock (_lock)
        {
            _attempts.Clear();
            _order.Clear();
            _defaults = Directive.None;
            _defaultUses = 0;
        }
    }

    /// <summary>What happens to this request, and which request of its prompt it is, from 1.</summary>
    /// <param name="prompt">Names the prompt: conversation and text.</param>
    /// <param name="own">The directive in the prompt.</param>
    public (Directive Directive, int Attempt) Next(string prompt, Directive own)
    {
        lock (_lock)
        {
            var attempt = Count(prompt);
            var defaults = _defaults.Times is { } limit && _defaultUses++ >= limit ? Directive.None : _defaults;
            var applies = own.Times is not { } times || attempt <= times;
            return (applies ? own.Over(defaults) : defaults, attempt);
        }
    }

    private int Count(string prompt)
    {
        if (!_attempts.TryGetValue(prompt, out var attempts))
        {
            _order.Enqueue(prompt);
            if (_order.Count > CountedPrompts)
            {
                _attempts.Remove(_order.Dequeue());
            }
        }

        return _attempts[prompt] = attempts + 1;
    }
}
