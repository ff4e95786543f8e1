using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.OpenAi.Wire;

/// <summary>What this API has no member for.</summary>
internal sealed record BrokerPart
{
    public required string SessionId { get; init; }

    public required string TurnId { get; init; }

    public required decimal CostUsd { get; init; }

    public required string Transport { get; init; }

    public required IReadOnlyList<string> Notices { get; init; }

    public static BrokerPart Of(TurnRecord turn, Reply reply) => new()
    {
        SessionId = turn.SessionId.Value,
        TurnId = turn.TurnId.Value,
        CostUsd = reply.CostUsd,
        Transport = reply.Transport,
        Notices = reply.Notices,
    };
}
