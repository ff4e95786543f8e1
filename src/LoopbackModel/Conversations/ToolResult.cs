namespace FunctionsBroker.LoopbackModel.Conversations;

/// <summary>What a tool that the model called gave back.</summary>
internal sealed record ToolResult(string Name, string Text, bool IsError);
