using FunctionsBroker.LoopbackModel;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Running;

namespace FunctionsBroker.EndToEnd;

/// <summary>The whole program as a person runs it, <c>broker up</c>, with the real <c>claude</c> and the loopback model.</summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    /// <summary>A profile under which somebody has to be asked before a file is written.</summary>
    public const string AskingProfile = "asking";

    /// <summary>A profile under which Claude may go on by itself between turns.</summary>
    public const string WorkingProfile = "working";

    private static readonly Dictionary<string, string> s_settings = new()
    {
        [$"Host__Profiles__{WorkingProfile}__Background"] = "true",
        [$"Host__Profiles__{WorkingProfile}__Tools"] = "Bash",
        [$"Host__Profiles__{WorkingProfile}__AllowedTools__0"] = "Bash",
        [$"Host__Profiles__{AskingProfile}__Tools"] = "Write",
        [$"Host__Profiles__{AskingProfile}__Permissions"] = "relay",
    };

    private readonly TempDirectory _data = new();
    private LoopbackModelServer? _model;
    private BrokerSystem? _system;
    private ReplyCollector? _replies;

    public LoopbackModelServer Model => _model!;

    public BrokerSystem System => _system!;

    public BrokerApi Api => new(() => System.Endpoints);

    /// <summary>Every message that has come out of the queue <c>replies</c>.</summary>
    public ReplyCollector Replies => _replies!;

    public async ValueTask InitializeAsync()
    {
        _model = await LoopbackModelServer.StartAsync(new LoopbackModelOptions(), CancellationToken.None);
        _system = await BrokerSystem.StartAsync(_data.Path, _model.BaseUrl, environment: s_settings);
        _replies = new ReplyCollector(_system.Endpoints.Storage.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        if (_replies is not null)
        {
            await _replies.DisposeAsync();
        }

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
