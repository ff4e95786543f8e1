using FunctionsBroker.Local.Functions.Invocation;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>The result of an invocation, for middleware.</summary>
public static class FunctionContextBindingFeatureExtensions
{
    /// <summary>Returns a view of the invocation's result, as the function left it or as middleware set it.</summary>
    public static InvocationResult GetInvocationResult(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new InvocationResultView((LocalFunctionContext)context);
    }
}
