using FunctionsBroker.Cli.Processes;

namespace FunctionsBroker.Cli.Tests.Processes;

/// <summary>Parts made of a line of shell.</summary>
internal static class ShellPart
{
    public static PartCommand Command(string script, string name = "part") => new()
    {
        Name = name,
        FileName = "sh",
        Arguments = ["-c", script],
        Environment = new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH")!, ["GIVEN"] = "given" },
        WorkingDirectory = Path.GetTempPath(),
        StopGrace = TimeSpan.FromSeconds(20),
    };
}
