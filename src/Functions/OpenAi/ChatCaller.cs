using System.Globalization;
using FunctionsBroker.Functions.Callers;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Identity;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>Who asks, and under which names.</summary>
internal sealed record ChatCaller
{
    private const string RetryCount = "x-stainless-retry-count";
    private const int FingerprintPart = 32;

    /// <summary>Whose key was shown.</summary>
    public required Caller Owner { get; init; }

    /// <summary>The session that the request names; null when it names none.</summary>
    public string? Session { get; private init; }

    /// <summary>The turn's id where the caller chose it, so that the same request again is the same turn.</summary>
    public string? Key { get; private init; }

    /// <summary>Whether the published clients of this API say that they have asked this before.</summary>
    public bool IsRetry { get; private init; }

    /// <summary>Whose conversations are looked at for one that the request goes on with.</summary>
    public required IReadOnlyList<string?> Scope { get; init; }

    /// <summary>SHA-256 of the request, in lower-case hexadecimal: the same for the same request of the same caller.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>With what the ids begin of all turns that were made of this request.</summary>
    public string TurnPrefix => $"{Fingerprint[..FingerprintPart]}-";

    /// <summary>The session of a request that names none and goes on with no conversation that is known.</summary>
    public SessionId OwnSession => SessionId.Parse($"{Owner.SessionPrefix}chat-{(Key is null ? Fingerprint : HashOf(Key))[..FingerprintPart]}");

    public static ChatCaller Of(HttpRequest request, Caller owner, ChatRequest chat, BrokerOptions options)
    {
        var user = chat.User;
        string?[] scope = [owner.Name ?? HashOf(CallerKeys.OpenAiKeyOf(request) ?? string.Empty), user];
        var session = ChatHeaders.FindSession(request) ?? (options.OpenAiUserIsSession && user is not null ? owner.SessionPrefix + user : null);
        return new ChatCaller
        {
            Owner = owner,
            Session = session,
            Key = request.Headers[ChatHeaders.IdempotencyKey].FirstOrDefault(),
            IsRetry = int.TryParse(request.Headers[RetryCount], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0,
            Scope = scope,
            Fingerprint = chat.Conversation.RequestHash([.. scope, session, chat.Model, chat.Format?.Instructions, .. chat.Stop.Texts]),
        };
    }

    private static string HashOf(string text)
    {
        using var hash = new PartHash();
        hash.Append(text);
        return hash.ToString();
    }
}
