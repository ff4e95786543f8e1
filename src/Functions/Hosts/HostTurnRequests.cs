using System.Diagnostics;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Sessions.Storage;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Hosts;

/// <summary>Makes of a turn's row what its host is asked to run.</summary>
internal sealed class HostTurnRequests(IOptions<BrokerOptions> options)
{
    private readonly Uri _callbackUrl = new(options.Value.CallbackBaseUrl!, "/api/callbacks/turns");

    /// <param name="turn">With the attempt that is to run opened as its last.</param>
    public HostTurnRequest For(TurnRecord turn, string prompt, IReadOnlyList<Attachment> attachments) => new()
    {
        TurnId = turn.TurnId.Value,
        Epoch = turn.Epoch,
        Attempt = turn.Attempts.Count,
        Prompt = prompt,
        Attachments = attachments,
        Profile = turn.Profile,
        TraceParent = Activity.Current is { Source.Name: Diagnostics.SourceName } step ? step.Id : turn.TraceParent,
        CallbackUrl = _callbackUrl,
    };
}
