using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Local.Functions.Invocation;

internal sealed class LocalTraceContext(Activity? activity) : TraceContext
{
    public override string TraceParent => activity?.Id ?? string.Empty;

    public override string TraceState => activity?.TraceStateString ?? string.Empty;
}
