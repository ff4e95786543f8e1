using FunctionsBroker.LoopbackModel.Control;
using FunctionsBroker.LoopbackModel.Directives;
using FunctionsBroker.LoopbackModel.Replies;
using FunctionsBroker.LoopbackModel.Requests;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace FunctionsBroker.LoopbackModel;

/// <summary>
/// A Messages API on the loopback interface that answers like a model, by fixed rules from the conversation it is sent:
/// the <c>claude</c> CLI works against it through <c>ANTHROPIC_BASE_URL</c>. The prompt phrases, the directives that
/// provoke delays and faults, and the control endpoint are described in docs/loopback-model.md.
/// </summary>
/// <remarks>It keeps no conversation of its own: what it knows is what the request carries. Safe for concurrent use.</remarks>
public sealed class LoopbackModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RequestLog _log;
    private readonly Behaviour _behaviour;
    private int _disposed;

    private LoopbackModelServer(WebApplication app, RequestLog log, Behaviour behaviour, Uri baseUrl)
    {
        _app = app;
        _log = log;
        _behaviour = behaviour;
        BaseUrl = baseUrl;
    }

    /// <summary>The value for <c>ANTHROPIC_BASE_URL</c>.</summary>
    public Uri BaseUrl { get; }

    /// <summary>The requests received, oldest first, at most <see cref="LoopbackModelOptions.RequestHistory"/>.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => _log.Snapshot();

    /// <summary>Starts listening; on return the model answers.</summary>
    /// <exception cref="FormatException"><see cref="LoopbackModelOptions.Defaults"/> is not in the directive grammar.</exception>
    /// <exception cref="IOException">The address is in use.</exception>
    public static async Task<LoopbackModelServer> StartAsync(LoopbackModelOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RequestHistory, 1);
        var behaviour = new Behaviour(DirectiveParser.Parse(options.Defaults));
        var log = new RequestLog(options.RequestHistory);
        var app = Build(options, behaviour, log);
        await app.StartAsync(cancellationToken);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        return new LoopbackModelServer(app, log, behaviour, new Uri(addresses!.Addresses.First()));
    }

    /// <summary>Replaces the behaviour of requests without a directive; <c>""</c> is none. A <c>times=N</c> in it counts from now.</summary>
    /// <exception cref="FormatException">The text is not in the directive grammar.</exception>
    public void SetDefaults(string directive) => _behaviour.SetDefaults(DirectiveParser.Parse(directive));

    /// <summary>Forgets the received requests, the counted attempts and the defaults.</summary>
    public void Reset()
    {
        _log.Clear();
        _behaviour.Reset();
    }

    /// <summary>Completes with the first request, already received or yet to come, for which <paramref name="match"/> holds.</summary>
    public Task<ReceivedRequest> WaitForRequestAsync(Func<ReceivedRequest, bool> match, CancellationToken cancellationToken) =>
        _log.WaitAsync(match, cancellationToken);

    /// <summary>Completes when the process is asked to stop (Ctrl-C, SIGTERM).</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _app.DisposeAsync();
        }
    }

    private static WebApplication Build(LoopbackModelOptions options, Behaviour behaviour, RequestLog log)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(options.Url);
        // The CLI sends whole conversations, tens of megabytes at worst; a stalled reply must not outlive a stop.
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var app = builder.Build();
        var endpoint = new MessagesEndpoint(behaviour, log, options.TimeProvider);
        app.MapMethods("/", ["GET", "HEAD"], () => Results.Ok());
        app.MapPost("/v1/messages", endpoint.AnswerAsync);
        app.MapPost("/v1/messages/count_tokens", endpoint.CountTokensAsync);
        app.MapControl(behaviour, log);
        app.MapFallback(static context =>
            ApiError.WriteAsync(context, new ApiError(404, "not_found_error", $"No such path: {context.Request.Path}")));
        return app;
    }
}
