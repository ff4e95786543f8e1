namespace FunctionsBroker.CrashApp;

/// <summary>What the collector has got so far.</summary>
internal sealed record Collection(int Count, int Sum);
