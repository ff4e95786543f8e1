using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Admission;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Functions.Http;

/// <summary>Reads JSON bodies without trusting their length or their shape.</summary>
internal static class RequestBody
{
    /// <returns>The value, or the problem with the body.</returns>
    public static Task<Body<T>> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class =>
        ReadAsync(request, type, TurnLimits.MaxBodyBytes, cancellationToken);

    /// <param name="maxBytes">How large the body may be.</param>
    /// <returns>The value, or the problem with the body.</returns>
    public static async Task<Body<T>> ReadAsync<T>(
        HttpRequest request,
        JsonTypeInfo<T> type,
        int maxBytes,
        CancellationToken cancellationToken)
        where T : class
    {
        var buffer = new byte[16 * 1024];
        if (request.ContentLength > maxBytes)
        {
            await DiscardAsync(request, buffer, cancellationToken);
            return new Body<T>(ProblemCatalogue.BodyTooLarge(maxBytes));
        }

        using var body = new MemoryStream((int)(request.ContentLength ?? 0));
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > maxBytes)
            {
                await DiscardAsync(request, buffer, cancellationToken);
                return new Body<T>(ProblemCatalogue.BodyTooLarge(maxBytes));
            }

            await body.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return Parse(body.GetBuffer().AsSpan(0, (int)body.Length), type);
    }

    /// <summary>Parses one JSON object; the problem says where it is broken, not what is in it.</summary>
    public static Body<T> Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        // The writers of some platforms begin with it (RFC 8259, 8.1: it may be ignored).
        json = json.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;

        // The parser does not look into what is kept as it came, as metadata are, and then nobody can read it again.
        if (!Utf8.IsValid(json))
        {
            return new Body<T>(ProblemCatalogue.InvalidJson("The body is not UTF-8."));
        }

        try
        {
            if (FindHalfCharacter(json) is { } position)
            {
                return new Body<T>(ProblemCatalogue.InvalidJson($"Byte {position + 1} begins a text with half of a surrogate pair, which is no character."));
            }

            return JsonSerializer.Deserialize(json, type) is { } value
                ? new Body<T>(value)
                : new Body<T>(ProblemCatalogue.InvalidJson("The body is null; send an object."));
        }
        catch (JsonException exception)
        {
            return new Body<T>(ProblemCatalogue.InvalidJson(
                $"Line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}, at {exception.Path ?? "$"}."));
        }
    }

    /// <summary>Reads the rest of a body that is not wanted.</summary>
    /// <remarks>
    /// The platform forwards an answer only after it has forwarded the whole request, and answers 502 where it cannot: a caller
    /// would not learn what is wrong. The platform's own limit ends the reading, 100 MB by default. A caller that expects
    /// 100 (Continue) has sent nothing yet, and is answered without.
    /// </remarks>
    private static async Task DiscardAsync(HttpRequest request, byte[] buffer, CancellationToken cancellationToken)
    {
        if (request.Headers.Expect.Count > 0)
        {
            return;
        }

        while (await request.Body.ReadAsync(buffer, cancellationToken) > 0)
        {
            // It goes nowhere.
        }
    }

    /// <summary>
    /// Looks for an escaped surrogate without its other half. The parser takes it where a value is kept as it came, as
    /// metadata are, and then nobody can write it again.
    /// </summary>
    /// <returns>Where the text that has it begins; null when there is none.</returns>
    /// <exception cref="JsonException">It is no JSON.</exception>
    private static long? FindHalfCharacter(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\u"u8) < 0)
        {
            return null;
        }

        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped)
            {
                continue;
            }

            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException)
            {
                return reader.TokenStartIndex;
            }
        }

        return null;
    }
}

/// <summary>A body as it was read: the value, or what is wrong with it.</summary>
internal sealed record Body<T>
    where T : class
{
    public Body(T value) => Value = value;

    public Body(Problem problem) => Problem = problem;

    public T? Value { get; }

    public Problem? Problem { get; }

    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Problem? problem)
    {
        (value, problem) = (Value, Problem);
        return value is not null;
    }
}
