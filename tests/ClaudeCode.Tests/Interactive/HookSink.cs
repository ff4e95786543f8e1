using System.Collections.Concurrent;
using System.Text.Json;
using FunctionsBroker.ClaudeCode.Interactive;
using FunctionsBroker.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.Tests.Interactive;

/// <summary>Takes the CLI's hooks as a host does.</summary>
internal sealed class HookSink : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly ConcurrentQueue<ReceivedHook> _received = [];

    private HookSink(WebApplication web)
    {
        _web = web;
        web.MapPost("/hooks/{route}/{name}", async (string route, string name, HttpRequest request) =>
        {
            using var body = await JsonDocument.ParseAsync(request.Body);
            _received.Enqueue(new ReceivedHook(name, request.Headers[HookAddress.Header].ToString(), body.RootElement.Clone()));
            return TypedResults.NoContent();
        });
    }

    public HookAddress Address { get; private set; } = new(new Uri("http://localhost"), "");

    public IReadOnlyList<ReceivedHook> Received => [.. _received];

    public static async Task<HookSink> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var sink = new HookSink(builder.Build());
        await sink._web.StartAsync(TestContext.Current.CancellationToken);
        sink.Address = new HookAddress(new Uri(sink._web.Urls.Single() + "/hooks/room/"), "a-secret");
        return sink;
    }

    /// <summary>Waits for an event beyond those that have come before.</summary>
    public async Task<ReceivedHook> WaitAsync(string name, int already, CancellationToken cancellationToken)
    {
        await Eventually.BecomesTrueAsync(() => Count(name) > already, cancellationToken);
        return Received.Where(hook => hook.Name == name).ElementAt(already);
    }

    public int Count(string name) => Received.Count(hook => hook.Name == name);

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    internal sealed record ReceivedHook(string Name, string Shown, JsonElement Body)
    {
        public string? Field(string name) => Body.TryGetProperty(name, out var value) ? value.ToString() : null;
    }
}
