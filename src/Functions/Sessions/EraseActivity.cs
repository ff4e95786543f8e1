using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Functions.Sessions;

/// <summary>Removes a part of a session. It may run twice and then has one effect.</summary>
internal sealed class EraseActivity(SessionEraser eraser)
{
    [Function(nameof(EraseStep))]
    public Task<EraseOutcome> EraseStep([ActivityTrigger] EraseStep input, CancellationToken cancellationToken) =>
        eraser.EraseAsync(input, cancellationToken);
}
