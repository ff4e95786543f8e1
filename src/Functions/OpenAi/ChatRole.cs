namespace FunctionsBroker.Functions.OpenAi;

/// <summary>Who said a message.</summary>
internal enum ChatRole
{
    /// <summary>The client's own instructions: <c>system</c> or <c>developer</c>.</summary>
    Instructions,

    User,

    Assistant,
}
