using FunctionsBroker.TestKit;

namespace FunctionsBroker.Conformance.Tests.PublicApi;

/// <summary>
/// Which members of the Azure packages this program uses, in a checked-in list. In the Local build they are those of
/// <c>src/Local</c>: a line that changes is a signature that has changed, and one that is new has to be compared with the
/// published package before it is added.
/// </summary>
public sealed class UsedMembersTests
{
    /// <summary>Set it to write the list anew.</summary>
    private const string WriteVariable = "CONFORMANCE_WRITE_MEMBERS";

    private static readonly string[] s_programs =
    [
        "FunctionsBroker.Functions", "FunctionsBroker.Storage", "FunctionsBroker.SessionHost", "FunctionsBroker.Cli",
        "FunctionsBroker.Conformance.App", "FunctionsBroker.Conformance.Surface",
    ];

    private static string ListPath => RepositoryRoot.Combine("tests", "Conformance.Tests", "PublicApi", "public-members.txt");

    [Fact]
    public void UsedMembers_AreTheListedOnes()
    {
        string[] used = [.. s_programs.SelectMany(program => UsedMembers.Of(AssemblyOf(program))).Distinct().Order(StringComparer.Ordinal)];
        if (Environment.GetEnvironmentVariable(WriteVariable) is { Length: > 0 })
        {
            File.WriteAllLines(ListPath, used);
        }

        var listed = File.ReadAllLines(ListPath);
        Assert.Empty(used.Except(listed).Select(line => $"used and not listed: {line}"));
        Assert.Empty(listed.Except(used).Select(line => $"listed and not used: {line}"));
    }

    /// <summary>So that the test above cannot pass on an empty list.</summary>
    [Theory]
    [InlineData("Azure.Data.Tables.TableClient: System.Threading.Tasks.Task<Azure.Response> AddEntityAsync<1>(!!0, System.Threading.CancellationToken)")]
    [InlineData("Microsoft.DurableTask.TaskOrchestrationContext: System.DateTime get_CurrentUtcDateTime()")]
    [InlineData("Microsoft.Azure.Functions.Worker.FunctionAttribute: System.Void .ctor(System.String)")]
    [InlineData("Microsoft.DurableTask.Entities.TaskEntity: !0 get_State()")]
    public void List_HasWhatEveryAppUses(string line) => Assert.Contains(line, File.ReadAllLines(ListPath));

    private static string AssemblyOf(string program) => RepositoryRoot.Combine(
        "artifacts", "bin", program, Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), AssemblyFile(program));

    private static string AssemblyFile(string program) => program == "FunctionsBroker.Cli" ? "broker.dll" : $"{program}.dll";
}
