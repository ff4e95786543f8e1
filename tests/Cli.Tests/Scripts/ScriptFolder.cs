using FunctionsBroker.Cli.Tests.Commands;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Cli.Tests.Scripts;

/// <summary>A tree with the real scripts and with tools that only write down how they were called.</summary>
internal sealed class ScriptFolder : IDisposable
{
    private static readonly string[] s_programs =
    [
        "Cli/release/broker",
        "Functions/release/FunctionsBroker.Functions",
        "FunctionsHost/release/FunctionsBroker.FunctionsHost",
        "SessionHost/release/FunctionsBroker.SessionHost",
        "LoopbackModel/release/FunctionsBroker.LoopbackModel",
    ];

    private readonly TempDirectory _temp = new();

    public ScriptFolder()
    {
        foreach (var script in (string[])["setup.sh", "test.sh"])
        {
            WriteScript(Path.Combine("eng", script), File.ReadAllText(RepositoryRoot.Combine("eng", script)));
        }

        foreach (var file in (string[])["Directory.Build.props", "Directory.Build.targets", ".editorconfig", "global.json", "FunctionsBroker.sln", "eng/BannedSymbols.txt", "eng/programs.slnf", "src/Code.cs", "tests/Code.cs", "bench/Code.cs"])
        {
            Write(file, "");
        }

        Write("package-lock.json", """{"packages":{"":{},"node_modules/azurite":{"version":"1"}}}""");
        Write("tests/package-lock.json", """{"packages":{"":{},"node_modules/azurite":{"version":"1"}}}""");
        var build = string.Join('\n', s_programs.Select(program => $"mkdir -p artifacts/bin/FunctionsBroker.{Path.GetDirectoryName(program)}; touch artifacts/bin/FunctionsBroker.{program}.dll"));
        Tool("dotnet", $"[ \"$1\" != --version ] || {{ echo 10.0.100; exit; }}\n[ \"$1\" != build ] || {{ [ ! -f slow-build ] || sleep 3; [ ! -f fail-build ] || {{ echo 'error CS1002'; exit 1; }}; {build}\n }}");
        Tool("npm", """
            mkdir -p node_modules/.bin
            echo '{"packages":{"node_modules/azurite":{"version":"1"}}}' >node_modules/.package-lock.json
            for tool in claude azurite; do printf '#!/bin/sh\n' >node_modules/.bin/$tool; chmod +x node_modules/.bin/$tool; done
            """);
    }

    /// <summary>The tools called since the start with their first words, e.g. <c>npm ci</c>, in alphabetical order: some run side by side.</summary>
    public IReadOnlyList<string> Calls => File.Exists(Combine("calls")) ? [.. File.ReadAllLines(Combine("calls")).Order(StringComparer.Ordinal)] : [];

    public string Combine(params ReadOnlySpan<string> parts) => _temp.Combine(parts);

    /// <summary>Puts a tool on the path that notes its call and then runs a line of shell.</summary>
    public void Tool(string name, string script) => WriteScript(
        Path.Combine("bin", name),
        $"#!/bin/sh\n[ \"$1\" = --version ] || case $2 in -*) echo \"{name} $1\" ;; *) echo \"{name} $1 $2\" ;; esac >>'{Combine("calls")}'\n{script}\n");

    public void WriteScript(string path, string content) => ExecutableScript.Write(Place(path), content);

    public void Write(string path, string content) => File.WriteAllText(Place(path), content);

    public Task<(int Code, string Output, string Errors)> RunAsync(string script, params string[] arguments) =>
        BrokerProgram.ExecuteAsync(
            Combine("eng", script),
            arguments,
            [new("PATH", $"{Combine("bin")}:{Environment.GetEnvironmentVariable("PATH")}"), new("BROKER_PROGRESS_SECONDS", "1")]);

    public void Dispose() => _temp.Dispose();

    private string Place(string path)
    {
        var full = Combine(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return full;
    }
}
