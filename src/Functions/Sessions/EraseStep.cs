using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Functions.Sessions;

/// <summary>Input of the activity that removes a part of a session.</summary>
/// <param name="OnlyIfExpired">Whether a session that has time left is to be kept.</param>
/// <param name="GiveUpFiles">Whether files that no host removes are left behind.</param>
internal sealed record EraseStep(SessionId SessionId, bool OnlyIfExpired, bool GiveUpFiles);
