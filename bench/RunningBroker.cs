using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Running;

namespace FunctionsBroker.Bench;

/// <summary>A <c>broker up</c> with one session host, and a client of its front.</summary>
internal sealed class RunningBroker : IAsyncDisposable
{
    private readonly TempDirectory _data;

    private RunningBroker(TempDirectory data, BrokerSystem system)
    {
        _data = data;
        System = system;
        Http = new HttpClient { BaseAddress = system.Endpoints.Front.Url };
        Http.DefaultRequestHeaders.Add("x-functions-key", system.Endpoints.Front.Key);
    }

    public BrokerSystem System { get; }

    public HttpClient Http { get; }

    public static async Task<RunningBroker> StartAsync(Uri model)
    {
        var data = new TempDirectory();
        return new RunningBroker(data, await BrokerSystem.StartAsync(data.Path, model, hosts: 1));
    }

    /// <summary>The path of a new session's turns.</summary>
    public static string NewSession() => $"/api/sessions/bench-{Guid.NewGuid():N}/turns";

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await System.DisposeAsync();
        _data.Dispose();
    }
}
