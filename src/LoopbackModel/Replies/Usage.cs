using System.Text.Json;
using FunctionsBroker.LoopbackModel.Conversations;

namespace FunctionsBroker.LoopbackModel.Replies;

/// <summary>
/// The tokens of one request, four characters to a token. Without cache markers all of the request is input. With them,
/// everything before the last answer is read from the cache, that answer and what follows it is written to the cache,
/// and one token is input: so a longer conversation costs more, and what is read now is what was read and written before.
/// </summary>
internal sealed record Usage(long Input, long CacheCreation, long CacheRead, long Output)
{
    public static Usage Of(RequestSize size, long outputCharacters)
    {
        var output = Math.Max(1, RequestSize.Tokens(outputCharacters));
        var read = RequestSize.Tokens(size.Cached);
        var all = RequestSize.Tokens(size.Cached + size.New);
        return size.Caches ? new Usage(1, all - read, read, output) : new Usage(all, 0, 0, output);
    }

    /// <summary>Writes the <c>usage</c> member.</summary>
    public void Write(Utf8JsonWriter json, long output)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", Input);
        json.WriteNumber("cache_creation_input_tokens", CacheCreation);
        json.WriteNumber("cache_read_input_tokens", CacheRead);
        json.WriteNumber("output_tokens", output);
        json.WriteEndObject();
    }
}
