namespace FunctionsBroker.Infra.Tests.Image;

/// <summary>One stage of a Dockerfile.</summary>
internal sealed record DockerStage(string From, string? Name, List<(string Verb, string Text)> Instructions)
{
    public IEnumerable<string> Of(string verb) => Instructions.Where(instruction => instruction.Verb == verb).Select(instruction => instruction.Text);

    /// <summary>What is copied from the repository: sources and target.</summary>
    public IEnumerable<(IReadOnlyList<string> Sources, string Target)> Copies =>
        Of("COPY")
            .Where(text => !text.StartsWith("--from", StringComparison.Ordinal))
            .Select(text => text.Split(' '))
            .Select(parts => ((IReadOnlyList<string>)parts[..^1], parts[^1]));
}
