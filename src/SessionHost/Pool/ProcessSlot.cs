namespace FunctionsBroker.SessionHost.Pool;

/// <summary>The right to have one live process. Given and taken by <see cref="ProcessSlots"/>, whose lock guards its state.</summary>
internal sealed class ProcessSlot(Action requestClose)
{
    private Action _requestClose = requestClose;

    internal SlotState State { get; set; } = SlotState.Busy;

    /// <summary>A timestamp of the clock; the slot with the lowest is the least recently used.</summary>
    internal long IdleSince { get; set; }

    /// <summary>Whether it has one of the places that live processes take up.</summary>
    internal bool HasPlace { get; set; }

    /// <summary>Hands a busy slot to another owner.</summary>
    /// <param name="requestClose">Called when the idle process has to go; it must not block.</param>
    internal void Rebind(Action requestClose) => Volatile.Write(ref _requestClose, requestClose);

    internal void RequestClose() => Volatile.Read(ref _requestClose)();
}
