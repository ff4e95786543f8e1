namespace FunctionsBroker.SessionHost.Pool;

internal enum SlotState
{
    /// <summary>A turn runs, or the process is being started for one.</summary>
    Busy,
    Idle,

    /// <summary>The process is being closed and takes no turn any more.</summary>
    Closing,
}
