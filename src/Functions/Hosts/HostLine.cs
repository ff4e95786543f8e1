using System.Text.Json;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Functions.Hosts;

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
