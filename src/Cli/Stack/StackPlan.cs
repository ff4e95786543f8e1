using System.Globalization;
using FunctionsBroker.Cli.Data;
using FunctionsBroker.Cli.Processes;

namespace FunctionsBroker.Cli.Stack;

/// <summary>The commands that start the parts, with the environment that the programs agree on.</summary>
/// <param name="repository">Where the programs are.</param>
/// <param name="options">What is wanted.</param>
/// <param name="data">Where the parts keep their files.</param>
/// <param name="ports">Where the parts listen.</param>
/// <param name="secrets">What the parts show each other.</param>
/// <param name="environment">The operator's environment.</param>
internal sealed class StackPlan(
    Repository repository,
    StackOptions options,
    DataFolder data,
    PortPlan ports,
    BrokerSecrets secrets,
    IReadOnlyDictionary<string, string> environment)
{
    // host.json is written for Azure. Here one partition is enough and starts sooner, and a message is to be seen at once.
    private static readonly Dictionary<string, string> s_localHostJson = new()
    {
        ["AzureFunctionsJobHost__extensions__durableTask__storageProvider__partitionCount"] = "1",
        ["AzureFunctionsJobHost__extensions__queues__maxPollingInterval"] = "00:00:00.1",
    };

    public Uri FrontUrl { get; } = Loopback(ports.Front);

    public Uri? ModelUrl { get; } = options.WithLoopbackModel ? Loopback(ports.Model) : null;

    public string ConnectionString { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"DefaultEndpointsProtocol=http;AccountName={secrets.Storage.Name};AccountKey={secrets.Storage.Key};BlobEndpoint=http://127.0.0.1:{ports.Blob}/{secrets.Storage.Name};QueueEndpoint=http://127.0.0.1:{ports.Queue}/{secrets.Storage.Name};TableEndpoint=http://127.0.0.1:{ports.Table}/{secrets.Storage.Name};");

    public PartCommand Azurite()
    {
        string[] Port(string service, int port) => [$"--{service}Host", "127.0.0.1", $"--{service}Port", port.ToString(CultureInfo.InvariantCulture)];
        var variables = OperatorEnvironment.Common(environment);
        // In place of the account that every Azurite has, whose key is published: any program of this machine could use it,
        // and by DNS rebinding any web page.
        variables["AZURITE_ACCOUNTS"] = $"{secrets.Storage.Name}:{secrets.Storage.Key}";
        return new PartCommand
        {
            Name = "azurite",
            FileName = "node",
            Arguments =
            [
                repository.Azurite, "--location", data.Folder("azurite"), "--silent", "--skipApiVersionCheck", "--disableTelemetry",
                .. Port("blob", ports.Blob), .. Port("queue", ports.Queue), .. Port("table", ports.Table),
            ],
            Environment = variables,
            WorkingDirectory = data.Path,
            // It listens on the table port last, and answers everything without a signature with an error.
            ReadyUrl = Loopback(ports.Table),
            AnyAnswerIsReady = true,
        };
    }

    public PartCommand Model() => Dotnet("model", "LoopbackModel", OperatorEnvironment.Common(environment)) with
    {
        Arguments = [repository.Program("LoopbackModel"), "--urls", Loopback(ports.Model).ToString()],
        ReadyUrl = Loopback(ports.Model),
    };

    public PartCommand Front()
    {
        var variables = OperatorEnvironment.Front(environment);
        variables["ASPNETCORE_URLS"] = Address(FrontUrl);
        variables["AzureWebJobsStorage"] = ConnectionString;
        variables["AzureWebJobsSecretsPath"] = BrokerSecrets.Folder(data);
        variables["Broker__CallbackBaseUrl"] = Address(FrontUrl);
        variables["Broker__OpenAiKeys__Up"] = secrets.OpenAiKey;
        if (OperatorEnvironment.HasCallers(environment))
        {
            // Where callers are told apart, a key that is none's opens nothing.
            variables["Broker__Callers__up__Keys__0"] = secrets.FunctionKey;
        }

        variables["Broker__CallbackKey"] = secrets.CallbackKey;
        variables["Broker__HostKey"] = secrets.HostKey;
        foreach (var (name, value) in s_localHostJson)
        {
            variables.TryAdd(name, value);
        }

        return FunctionsHost(Path.GetDirectoryName(repository.Program("Functions")) ?? data.Path, variables) with
        {
            ReadyUrl = new Uri(FrontUrl, "api/health"),
            // The host and then its worker, one after the other.
            StopGrace = TimeSpan.FromSeconds(25),
        };
    }

    private PartCommand FunctionsHost(string app, Dictionary<string, string> variables)
    {
        if (options.FunctionsHost == FunctionsHostKind.Local)
        {
            return Dotnet("front", "FunctionsHost", variables) with
            {
                Arguments = [repository.Program("FunctionsHost"), app],
                WorkingDirectory = app,
                ReadyLine = "ready http",
            };
        }

        variables["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        variables["AzureWebJobsScriptRoot"] = app;
        variables["AzureWebJobsSecretStorageType"] = "files";
        variables["FUNCTIONS_CORE_TOOLS_TELEMETRY_OPTOUT"] = "1";
        variables["TMPDIR"] = CoreTools.TemporaryFolder(data);
        return new PartCommand
        {
            Name = "front",
            FileName = CoreTools.Find(environment.GetValueOrDefault("PATH")),
            // Without --enableAuth it asks for no key.
            Arguments = ["start", "--no-build", "--enableAuth", "--port", ports.Front.ToString(CultureInfo.InvariantCulture)],
            Environment = variables,
            WorkingDirectory = app,
        };
    }

    public IReadOnlyList<HostPlan> Hosts() => [.. ports.Hosts.Select((port, index) => Host($"host-{index + 1}", Loopback(port)))];

    private HostPlan Host(string id, Uri url)
    {
        var variables = ModelUrl is null
            ? OperatorEnvironment.Host(environment)
            : OperatorEnvironment.HostWithLoopbackModel(environment, ModelUrl);
        if (variables.ContainsKey("Host__SessionUids"))
        {
            data.LetThrough("hosts");
        }

        variables["ASPNETCORE_URLS"] = Address(url);
        variables["AzureWebJobsStorage"] = ConnectionString;
        variables["Host__HostId"] = id;
        variables["Host__PublicUrl"] = Address(url);
        variables["Host__HostKey"] = secrets.HostKey;
        variables["Host__CallbackKey"] = secrets.CallbackKey;
        variables["Host__WorkPath"] = data.Folder("hosts", id);
        variables["Host__ClaudeBinary"] = repository.Claude;
        return new HostPlan(id, url, Dotnet(id, "SessionHost", variables) with
        {
            ReadyUrl = new Uri(url, "healthz"),
            // A host lets running turns end before it stops.
            StopGrace = TimeSpan.FromSeconds(30),
        });
    }

    private PartCommand Dotnet(string name, string project, Dictionary<string, string> variables)
    {
        var program = repository.Program(project);
        return new PartCommand
        {
            Name = name,
            FileName = "dotnet",
            Arguments = [program],
            Environment = variables,
            // host.json and appsettings.json are read from there.
            WorkingDirectory = Path.GetDirectoryName(program) ?? data.Path,
        };
    }

    private static Uri Loopback(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));

    private static string Address(Uri url) => url.ToString().TrimEnd('/');
}

/// <summary>One session host to be.</summary>
internal sealed record HostPlan(string Id, Uri Url, PartCommand Command);
