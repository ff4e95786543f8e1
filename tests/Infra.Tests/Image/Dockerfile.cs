using System.Text.RegularExpressions;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Infra.Tests.Image;

/// <summary>The hosts' Dockerfile, taken apart: its stages with their instructions.</summary>
internal sealed partial class Dockerfile
{
    private Dockerfile(IReadOnlyList<DockerStage> stages) => Stages = stages;

    public IReadOnlyList<DockerStage> Stages { get; }

    /// <summary>The stage that becomes the image.</summary>
    public DockerStage Image => Stages[^1];

    /// <summary>The variables of the image.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        Image.Of("ENV")
            .SelectMany(text => Variable().Matches(text))
            .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value);

    public static Dockerfile Read()
    {
        List<DockerStage> stages = [];
        foreach (var (verb, text) in Instructions(File.ReadLines(RepositoryRoot.Combine("src", "SessionHost", "Dockerfile"))))
        {
            if (verb == "FROM")
            {
                var parts = text.Split(' ');
                stages.Add(new DockerStage(parts[0], parts is [_, "AS", var name] ? name : null, []));
            }
            else
            {
                stages[^1].Instructions.Add((verb, text));
            }
        }

        return new Dockerfile(stages);
    }

    // A backslash at its end continues a line.
    private static IEnumerable<(string Verb, string Text)> Instructions(IEnumerable<string> lines)
    {
        var open = string.Empty;
        foreach (var line in lines.Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line.EndsWith('\\'))
            {
                open += line[..^1];
                continue;
            }

            var parts = (open + line).Split(' ', 2);
            open = string.Empty;
            yield return (parts[0], parts[1].Trim());
        }
    }

    [GeneratedRegex(@"(?<name>\w+)=(?<value>\S+)")]
    private static partial Regex Variable();
}
