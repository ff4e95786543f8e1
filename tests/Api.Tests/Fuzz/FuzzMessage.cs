namespace FunctionsBroker.Api.Tests.Fuzz;

/// <summary>A queue message that may be as wrong as can be.</summary>
/// <param name="Sent">What is put into the queue.</param>
/// <param name="Text">What a reader of either habit, base64 or plain, finds in it.</param>
internal sealed record FuzzMessage(string Sent, string Text);
