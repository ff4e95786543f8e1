namespace FunctionsBroker.LoopbackModel.Requests;

/// <summary>The answer of <c>GET /_control/requests</c>.</summary>
/// <param name="Count">Requests since the start or the last reset, forgotten ones included.</param>
/// <param name="Requests">The ones still kept, oldest first.</param>
public sealed record RequestList(long Count, IReadOnlyList<ReceivedRequest> Requests);
