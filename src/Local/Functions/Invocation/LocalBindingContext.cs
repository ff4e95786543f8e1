using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Local.Functions.Invocation;

internal sealed class LocalBindingContext(LocalFunctionContext context) : BindingContext
{
    public override IReadOnlyDictionary<string, object?> BindingData =>
        field ??= context.Function.Trigger.GetBindingData(context.Trigger);
}
