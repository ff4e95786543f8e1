using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.SessionHost.Claims;

namespace FunctionsBroker.SessionHost.Pool;

/// <summary>A process that was started before there is a session for it. The session takes its names over.</summary>
internal sealed record ReadyProcess(string Profile, SessionIdentity Identity, SessionFolders Folders, IClaudeProcess Process, ProcessSlot Slot);
