using FunctionsBroker.Cli.Data;
using FunctionsBroker.Cli.Stack;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Cli.Tests.Stack;

public sealed class StackPlanTests : IDisposable
{
    private static readonly PortPlan s_ports = new(Blob: 1, Queue: 2, Table: 3, Front: 4, Model: 5, Hosts: [6]);

    private readonly TempDirectory _temp = new();
    private readonly DataFolder _data;
    private readonly BrokerSecrets _secrets;

    public StackPlanTests()
    {
        _data = DataFolder.Acquire(_temp.Combine("data"));
        _secrets = BrokerSecrets.LoadOrCreate(_data, _ => { });
    }

    private static string App => RepositoryRoot.Combine("artifacts", "bin", "FunctionsBroker.Functions", "release");

    public void Dispose()
    {
        _data.Dispose();
        _temp.Dispose();
    }

    [Fact]
    public void Front_LocalHost_RunsTheAppInOnePartitionAndSaysWhenItIsReady()
    {
        var front = Plan(FunctionsHostKind.Local).Front();

        Assert.Equal("dotnet", front.FileName);
        Assert.Equal([RepositoryRoot.Combine("artifacts", "bin", "FunctionsBroker.FunctionsHost", "release", "FunctionsBroker.FunctionsHost.dll"), App], front.Arguments);
        Assert.Equal("http://127.0.0.1:4", front.Environment["ASPNETCORE_URLS"]);
        Assert.Equal("1", front.Environment["AzureFunctionsJobHost__extensions__durableTask__storageProvider__partitionCount"]);
        Assert.Equal("00:00:00.1", front.Environment["AzureFunctionsJobHost__extensions__queues__maxPollingInterval"]);
        Assert.Equal(("ready http", "http://127.0.0.1:4/api/health"), (front.ReadyLine, front.ReadyUrl?.ToString()));
    }

    [Fact]
    public void Front_OperatorSetsAValueOfHostJson_ItWins()
    {
        const string Name = "AzureFunctionsJobHost__extensions__queues__maxPollingInterval";

        var front = Plan(FunctionsHostKind.Local, (Name, "00:00:02")).Front();

        Assert.Equal("00:00:02", front.Environment[Name]);
    }

    [Fact]
    public void Front_CallersAreToldApart_ItsOwnKeyIsOneOfThem()
    {
        Assert.DoesNotContain(Plan(FunctionsHostKind.Local).Front().Environment, variable => variable.Key.StartsWith("Broker__Callers", StringComparison.Ordinal));

        var front = Plan(FunctionsHostKind.Local, ("Broker__Callers__acme__OpenAiKeys__0", "the-key-of-acmes-chats")).Front();

        Assert.Equal(_secrets.FunctionKey, front.Environment["Broker__Callers__up__Keys__0"]);
        Assert.Equal("the-key-of-acmes-chats", front.Environment["Broker__Callers__acme__OpenAiKeys__0"]);
    }

    [Fact]
    public void Front_CoreTools_StartsFuncInTheAppsFolderWithTheKeysOfTheDataFolder()
    {
        File.WriteAllText(_temp.Combine("func"), "");

        var front = Plan(FunctionsHostKind.Func, ("PATH", $"/nowhere:{_temp.Path}")).Front();

        Assert.Equal(_temp.Combine("func"), front.FileName);
        Assert.Equal(["start", "--no-build", "--enableAuth", "--port", "4"], front.Arguments);
        Assert.Equal(App, front.WorkingDirectory);
        Assert.Equal("dotnet-isolated", front.Environment["FUNCTIONS_WORKER_RUNTIME"]);
        Assert.Null(front.ReadyLine);
        // It looks for its keys in the folder for temporary files.
        Assert.Contains(_secrets.FunctionKey, File.ReadAllText(Path.Combine(front.Environment["TMPDIR"], "secrets", "functions", "secrets", "host.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Front_CoreToolsAreNotInstalled_SaysHowToGetThem()
    {
        var exception = Assert.Throws<CommandException>(() => Plan(FunctionsHostKind.Func, ("PATH", _temp.Path)).Front());

        Assert.Equal(ExitCodes.WrongState, exception.ExitCode);
        Assert.Contains("https://aka.ms/azfunc-install", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Host_ProcessesOfOtherUsers_ArePassedThroughToTheirFolders()
    {
        const UnixFileMode Closed = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        _ = Plan(FunctionsHostKind.Local).Hosts();
        Assert.Equal(Closed, File.GetUnixFileMode(_data.Path));

        _ = Plan(FunctionsHostKind.Local, ("Host__SessionUids", "20000-20099")).Hosts();

        Assert.Equal(Closed | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute, File.GetUnixFileMode(_data.Path));
        Assert.True(File.GetUnixFileMode(_data.Combine("hosts")).HasFlag(UnixFileMode.OtherExecute));
    }

    [Fact]
    public void Azurite_HasTheFoldersOwnAccountAndNotThePublishedOne()
    {
        var plan = Plan(FunctionsHostKind.Local);

        Assert.Equal($"broker:{_secrets.Storage.Key}", plan.Azurite().Environment["AZURITE_ACCOUNTS"]);
        Assert.Contains($"AccountName=broker;AccountKey={_secrets.Storage.Key};BlobEndpoint=http://127.0.0.1:1/broker;QueueEndpoint=http://127.0.0.1:2/broker;TableEndpoint=http://127.0.0.1:3/broker;", plan.ConnectionString, StringComparison.Ordinal);
        Assert.All(
            [plan.Front(), .. plan.Hosts().Select(host => host.Command)],
            part => Assert.Equal(plan.ConnectionString, part.Environment["AzureWebJobsStorage"]));
    }

    private StackPlan Plan(FunctionsHostKind host, params (string Name, string Value)[] environment) => new(
        Repository.Find(),
        new StackOptions { Port = 4, Hosts = 1, DataPath = _data.Path, FunctionsHost = host },
        _data,
        s_ports,
        _secrets,
        environment.ToDictionary(pair => pair.Name, pair => pair.Value));
}
