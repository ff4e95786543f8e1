namespace FunctionsBroker.Sessions.Storage;

/// <summary>A turn and what the user said in it.</summary>
public sealed record TurnWithPrompt(Versioned<TurnRecord> Turn, string Prompt);
