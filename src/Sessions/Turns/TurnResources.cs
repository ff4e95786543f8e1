using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Sessions.Turns;

/// <summary>Between a turn's row and the turn as everybody is shown it.</summary>
public static class TurnResources
{
    public static TurnResource Of(TurnRecord turn)
    {
        ArgumentNullException.ThrowIfNull(turn);

        return new TurnResource
        {
            TurnId = turn.TurnId.Value,
            SessionId = turn.SessionId.Value,
            Status = turn.Status,
            Origin = turn.Origin,
            BegunBy = turn.BegunBy?.Value,
            Command = turn.Command,
            Reply = turn.Reply,
            Attempts = turn.Attempts,
            Timings = turn.Timings,
            Metadata = turn.Metadata,
            Problem = turn.Problem,
        };
    }

    /// <summary>The row of a turn whose newer state was heard of instead of read.</summary>
    public static TurnRecord Renew(TurnRecord turn, TurnResource heard)
    {
        ArgumentNullException.ThrowIfNull(turn);
        ArgumentNullException.ThrowIfNull(heard);

        return turn with
        {
            Status = heard.Status,
            Reply = heard.Reply,
            Attempts = heard.Attempts,
            Epoch = heard.Attempts is [.., var last] ? last.Epoch : turn.Epoch,
            Timings = heard.Timings,
            Problem = heard.Problem,
        };
    }
}
