using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.SessionHost.Pool;

namespace FunctionsBroker.SessionHost.Actors;

/// <summary>A session's live process, and what has to be known to give it up.</summary>
/// <param name="Profile">The profile that it was started under.</param>
/// <param name="Watch">Tells the actor when the process ends by itself.</param>
internal sealed record ProcessLease(
    IClaudeProcess Process,
    ProcessSlot Slot,
    SessionFolders Folders,
    string Profile,
    Task Watch);
