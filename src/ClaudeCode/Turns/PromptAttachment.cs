namespace FunctionsBroker.ClaudeCode.Turns;

/// <summary>Something that the user sends along with a prompt. Its content has been checked before it comes here.</summary>
/// <param name="Name">What the user calls it.</param>
public abstract record PromptAttachment(string Name)
{
    /// <param name="MediaType"><c>image/png</c>, <c>image/jpeg</c>, <c>image/gif</c> or <c>image/webp</c>.</param>
    /// <param name="Base64">The file's bytes.</param>
    public sealed record Image(string Name, string MediaType, string Base64) : PromptAttachment(Name);

    /// <param name="Base64">The file's bytes.</param>
    public sealed record Pdf(string Name, string Base64) : PromptAttachment(Name);

    public sealed record Text(string Name, string Content) : PromptAttachment(Name);
}
