using FunctionsBroker.ClaudeCode.Hooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Bench;

/// <summary>Takes hooks as a host does, and nothing else.</summary>
internal sealed class HookSink : IAsyncDisposable
{
    private const string Bearer = "Bearer ";
    private readonly WebApplication _app;

    private HookSink(WebApplication app) => _app = app;

    public HookRoutes Routes { get; } = new();

    public Uri Address => new(_app.Urls.First());

    public static async Task<HookSink> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var sink = new HookSink(app);
        app.MapPost("/hooks/{route}/{name}", sink.TakeAsync);
        await app.StartAsync(cancellationToken);
        return sink;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(string route, string name, HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var secret = request.Headers.Authorization.ToString();
        await Routes.DeliverAsync(route, secret.StartsWith(Bearer, StringComparison.Ordinal) ? secret[Bearer.Length..] : null, name, body.ToArray(), CancellationToken.None);
        return Results.NoContent();
    }
}
