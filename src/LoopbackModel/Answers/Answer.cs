namespace FunctionsBroker.LoopbackModel.Answers;

/// <summary>What the model says.</summary>
internal abstract record Answer
{
    private Answer()
    {
    }

    /// <summary>A text that ends the turn.</summary>
    public sealed record Text(string Value) : Answer;

    /// <summary>A call of a tool, whose result the caller sends next.</summary>
    public sealed record ToolCall(string Name, string InputJson) : Answer;
}
