using FunctionsBroker.Cli.Conversation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Cli.Tests.Conversation;

/// <summary>A front of a few lines, and the client that asks it.</summary>
internal sealed class SmallFront : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SmallFront(WebApplication app)
    {
        _app = app;
        Client = new FrontClient(new Uri(app.Urls.Single()), "the-key", TimeProvider.System);
    }

    public FrontClient Client { get; }

    /// <param name="map">What it answers.</param>
    public static async Task<SmallFront> StartAsync(Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new SmallFront(app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
