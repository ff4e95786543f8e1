using FunctionsBroker.Contracts.Endpoints;
using FunctionsBroker.LoopbackModel;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Running;

namespace FunctionsBroker.Api.Tests;

/// <summary>A running broker with the real <c>claude</c> and the loopback model, for tests that look at its API from outside.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    /// <summary>A reply queue that only the fuzzing reads.</summary>
    public const string FuzzReplies = "fuzz-replies";

    /// <summary>Whose web pages may call the OpenAI-compatible API.</summary>
    public const string Origin = "https://chat.example.com";

    /// <summary>A profile whose tools ask.</summary>
    public const string RelayProfile = "relay";

    private readonly TempDirectory _data = new();
    private LoopbackModelServer? _model;
    private BrokerSystem? _system;

    public BrokerSystem System => _system!;

    public LoopbackModelServer Model => _model!;

    public EndpointsFile Endpoints => System.Endpoints;

    /// <summary>A client of the front without any key.</summary>
    public HttpClient Http { get; } = new() { Timeout = Timeout.InfiniteTimeSpan };

    public async ValueTask InitializeAsync()
    {
        _model = await LoopbackModelServer.StartAsync(new LoopbackModelOptions(), CancellationToken.None);
        _system = await BrokerSystem.StartAsync(
            _data.Path,
            _model.BaseUrl,
            environment: new Dictionary<string, string>
            {
                ["Broker__ReplyQueues__0"] = FuzzReplies,
                ["Broker__OpenAiOrigins__0"] = Origin,
                [$"Host__Profiles__{RelayProfile}__Tools"] = "Bash",
                [$"Host__Profiles__{RelayProfile}__Permissions"] = "relay",
            });
        Http.BaseAddress = Endpoints.Front.Url;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_system is not null)
        {
            await _system.DisposeAsync();
        }

        if (_model is not null)
        {
            await _model.DisposeAsync();
        }

        _data.Dispose();
    }
}
