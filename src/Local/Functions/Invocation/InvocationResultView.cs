using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Local.Functions.Invocation;

internal sealed class InvocationResultView(LocalFunctionContext context) : InvocationResult
{
    public override object? Value
    {
        get => context.Result;
        set => context.Result = value;
    }
}
