namespace FunctionsBroker.LoopbackModel.Directives;

/// <summary>What a request is asked to do besides answering; a null member is not asked for. The grammar is in docs/loopback-model.md.</summary>
internal sealed record Directive
{
    public static readonly Directive None = new();

    /// <summary>Wait before the response headers.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Characters per streamed delta.</summary>
    public int? Chunk { get; init; }

    /// <summary>Wait before every delta after the first.</summary>
    public TimeSpan? ChunkDelay { get; init; }

    /// <summary>Answer with this HTTP status and the matching API error.</summary>
    public int? Status { get; init; }

    /// <summary>The retry-after header of an error, in seconds.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>In how many seconds the spent rate limit that an error's headers tell of is reset.</summary>
    public int? Reset { get; init; }

    /// <summary>To how many requests of one prompt the directive applies; null is every one.</summary>
    public int? Times { get; init; }

    /// <summary>Where the connection is cut.</summary>
    public Drop? Drop { get; init; }

    /// <summary>How long the stream stands still after half of the answer.</summary>
    public TimeSpan? Stall { get; init; }

    /// <summary>Interval of ping events while the stream stands still; null is silence.</summary>
    public TimeSpan? Ping { get; init; }

    /// <summary>A stop reason other than the natural one: <c>refusal</c> or <c>max_tokens</c>.</summary>
    public string? Stop { get; init; }

    /// <summary>Type of an error event sent after half of the answer.</summary>
    public string? StreamError { get; init; }

    /// <summary>This directive where it says something, <paramref name="defaults"/> where it does not.</summary>
    public Directive Over(Directive defaults) => new()
    {
        Delay = Delay ?? defaults.Delay,
        Chunk = Chunk ?? defaults.Chunk,
        ChunkDelay = ChunkDelay ?? defaults.ChunkDelay,
        Status = Status ?? defaults.Status,
        RetryAfter = RetryAfter ?? defaults.RetryAfter,
        Reset = Reset ?? defaults.Reset,
        Times = Times ?? defaults.Times,
        Drop = Drop ?? defaults.Drop,
        Stall = Stall ?? defaults.Stall,
        Ping = Ping ?? defaults.Ping,
        Stop = Stop ?? defaults.Stop,
        StreamError = StreamError ?? defaults.StreamError,
    };
}

/// <summary>Where a connection is cut.</summary>
internal abstract record Drop
{
    private Drop()
    {
    }

    public sealed record BeforeHeaders : Drop;

    public sealed record MidStream : Drop;

    /// <summary>After so many bytes of the response body.</summary>
    public sealed record AfterBytes(int Count) : Drop;
}
