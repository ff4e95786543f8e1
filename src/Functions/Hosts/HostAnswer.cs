using System.Text.Json;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Functions.Hosts;

/// <summary>What a session host said.</summary>
internal abstract record HostAnswer
{
    private HostAnswer()
    {
    }

    /// <summary>It has the turn.</summary>
    public sealed record Holds(HostTurn Turn) : HostAnswer;

    /// <summary>It said no, and why.</summary>
    public sealed record Refuses(Problem Problem) : HostAnswer;

    /// <summary>It said nothing: the connection failed or the time was up. What it did is unknown.</summary>
    public sealed record Silent(string Reason) : HostAnswer
    {
        /// <summary>Whether there was no connection at all, so that it did nothing.</summary>
        public bool Unreached { get; init; }
    }
}

/// <summary>Tells a host that does not answer as it should from a caller who no longer wants to know.</summary>
internal static class HostSilence
{
    /// <summary>Whether a call to a host ended without its answer: no connection, a broken one, something else than an answer, or the time was up.</summary>
    public static bool Is(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException or JsonException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}

/// <summary>An open call to a host that runs a turn: what it said at once, and later how the turn ended.</summary>
internal sealed class HostLine : IDisposable
{
    private readonly HttpResponseMessage? _response;
    private readonly StreamReader? _lines;

    public HostLine(HostAnswer answer) => Answer = answer;

    private HostLine(HostAnswer answer, HttpResponseMessage response, StreamReader lines)
        : this(answer)
    {
        _response = response;
        _lines = lines;
    }

    /// <summary>Whether the host has the turn.</summary>
    public HostAnswer Answer { get; }

    /// <summary>Reads the first line of a successful answer.</summary>
    /// <exception cref="JsonException">It is not one of a session host.</exception>
    public static async Task<HostLine> OpenAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
            return await ReadAsync(lines, cancellationToken) is { } turn
                ? new HostLine(new HostAnswer.Holds(turn), response, lines)
                : throw new JsonException("The answer is empty.");
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <returns>The turn as its end was written down; null when the host hung up or waited long enough.</returns>
    public async Task<TurnResource?> ReadEndAsync(CancellationToken cancellationToken)
    {
        try
        {
            return _lines is null ? null : (await ReadAsync(_lines, cancellationToken))?.Turn;
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or JsonException)
        {
            // The host went. What became of the turn stands in its row, or its orchestration finds out.
            return null;
        }
    }

    public void Dispose()
    {
        _lines?.Dispose();
        _response?.Dispose();
    }

    private static async Task<HostTurn?> ReadAsync(StreamReader lines, CancellationToken cancellationToken) =>
        await lines.ReadLineAsync(cancellationToken) is { } line
            ? JsonSerializer.Deserialize(line, ContractsJsonContext.Default.HostTurn)
            : null;
}
