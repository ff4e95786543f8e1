using FunctionsBroker.Contracts.Events;

namespace FunctionsBroker.Soak;

/// <summary>A turn as somebody saw it who listened to its events, across as many connections as it took.</summary>
internal sealed class HeardTurn
{
    /// <summary>What a browser would show.</summary>
    public string Shown { get; private set; } = string.Empty;

    public int Resets { get; private set; }

    public int Connections { get; set; }

    /// <summary>The last events; there is to be one.</summary>
    public List<TurnEvent> Ends { get; } = [];

    /// <summary>How many events came after the last one; there is to be none.</summary>
    public int AfterTheEnd { get; private set; }

    public void Accept(TurnEvent told)
    {
        AfterTheEnd += Ends.Count > 0 ? 1 : 0;
        switch (told)
        {
            case TurnEvent.Delta(var text):
                Shown += text;
                break;
            case TurnEvent.Reset:
                Shown = string.Empty;
                Resets++;
                break;
            case { IsLast: true }:
                Ends.Add(told);
                break;
        }
    }
}
