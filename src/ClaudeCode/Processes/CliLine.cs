namespace FunctionsBroker.ClaudeCode.Processes;

/// <summary>One line of a child's output, without its newline.</summary>
/// <param name="Bytes">The line, or only its beginning when it was too long to keep.</param>
/// <param name="Dropped">How many bytes of it were thrown away.</param>
/// <param name="Terminated">Whether its newline was there; without one it is the rest before the end of the stream.</param>
internal readonly record struct CliLine(ReadOnlyMemory<byte> Bytes, long Dropped, bool Terminated = true);
