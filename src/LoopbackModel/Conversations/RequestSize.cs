namespace FunctionsBroker.LoopbackModel.Conversations;

/// <summary>The parts of a request in characters, by which it is billed.</summary>
/// <param name="Cached">System prompt, tools and the messages before the last answer: what an earlier request has left in the cache.</param>
/// <param name="New">The last answer and what came after it.</param>
/// <param name="Caches">The caller asks for caching.</param>
internal sealed record RequestSize(long Cached, long New, bool Caches)
{
    private const int CharactersPerToken = 4;

    public static long Tokens(long characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;
}
