using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Functions.Events;
using FunctionsBroker.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Tests.Events;

/// <summary>The answer on a real server and connection.</summary>
public sealed class TurnEventStreamTests : IAsyncLifetime
{
    private static readonly TimeSpan s_never = TimeSpan.FromHours(1);

    private readonly HttpClient _http = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication _app = null!;
    private Func<CancellationToken, IAsyncEnumerable<NumberedEvent>> _events = _ => throw new InvalidOperationException();
    private TimeSpan _heartbeat = s_never;
    private int _taken;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/", () => new TurnEventStream(_events(CancellationToken.None), _heartbeat, TimeProvider.System, _stopping.Token));
        await _app.StartAsync(Cancellation);
        _http.BaseAddress = new Uri(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Stream_Events_AreServerSentEventsInOrder()
    {
        _events = _ => TellAsync(new("a", new TurnEvent.Accepted(TurnRows.Began)), new("s1.r-2", new TurnEvent.Delta("one\ntwo")));

        using var response = await _http.GetAsync(new Uri("/", UriKind.Relative), Cancellation);

        Assert.Equal(TurnEventStream.ContentType, response.Content.Headers.ContentType?.ToString());
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Equal(
            """
            id: a
            event: accepted
            data: {"at":"2026-01-02T03:04:05+00:00"}

            id: s1.r-2
            event: delta
            data: {"text":"one\ntwo"}


            """,
            await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Stream_NothingToTell_ShowsThatItIsThere()
    {
        _heartbeat = TimeSpan.FromMilliseconds(20);
        _events = cancellationToken => WaitAsync(cancellationToken);
        using var lines = new StreamReader(await _http.GetStreamAsync(new Uri("/", UriKind.Relative), Cancellation));

        Assert.Equal(":", await lines.ReadLineAsync(Cancellation));
        Assert.Equal("", await lines.ReadLineAsync(Cancellation));
        Assert.Equal(":", await lines.ReadLineAsync(Cancellation));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Stream_ListenerThatGoes_LetsGoOfTheSource()
    {
        _events = cancellationToken => WaitAsync(cancellationToken);
        var body = await _http.GetStreamAsync(new Uri("/", UriKind.Relative), Cancellation);

        await body.DisposeAsync();

        await _released.Task.WaitAsync(Cancellation);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Stream_InstanceThatStops_EndsTheAnswerAndNotTheTurn()
    {
        _events = cancellationToken => WaitAsync(cancellationToken, new NumberedEvent("a", new TurnEvent.Accepted(TurnRows.Began)));
        using var lines = new StreamReader(await _http.GetStreamAsync(new Uri("/", UriKind.Relative), Cancellation));
        Assert.Equal("id: a", await lines.ReadLineAsync(Cancellation));

        await _stopping.CancelAsync();
        var rest = await lines.ReadToEndAsync(Cancellation);

        Assert.DoesNotContain("event: completed", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("event: failed", rest, StringComparison.Ordinal);
        await _released.Task.WaitAsync(Cancellation);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Stream_ListenerThatDoesNotRead_IsNotReadAheadFor()
    {
        const int Pieces = 2_000;
        var piece = new string('x', 64 * 1024);
        _events = cancellationToken => ManyAsync(Pieces, piece, cancellationToken);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 64 * 1024 };
        await socket.ConnectAsync(_http.BaseAddress!.Host, _http.BaseAddress.Port, Cancellation);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {_http.BaseAddress.Authority}\r\n\r\n"), Cancellation);

        var seen = -1;
        await Eventually.BecomesTrueAsync(
            () =>
            {
                var (before, now) = (seen, Volatile.Read(ref _taken));
                seen = now;
                return now > 0 && now == before;
            },
            Cancellation);

        // 128 MB wait to be told; what the kernel and the server hold is a few.
        Assert.InRange(Volatile.Read(ref _taken), 1, Pieces / 4);
    }

    private static async IAsyncEnumerable<NumberedEvent> TellAsync(params NumberedEvent[] events)
    {
        foreach (var told in events)
        {
            await Task.Yield();
            yield return told;
        }
    }

    private async IAsyncEnumerable<NumberedEvent> ManyAsync(int count, string piece, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var index = 0; index < count; index++)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            Interlocked.Increment(ref _taken);
            yield return new NumberedEvent($"s1.r-{index}", new TurnEvent.Delta(piece));
        }
    }

    private async IAsyncEnumerable<NumberedEvent> WaitAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken,
        params NumberedEvent[] first)
    {
        try
        {
            foreach (var told in first)
            {
                yield return told;
            }

            await Task.Delay(s_never, TimeProvider.System, cancellationToken);
        }
        finally
        {
            _released.SetResult();
        }
    }
}
