using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsBroker.Local.Functions.Invocation;

/// <summary>One invocation; what few functions look at is made when it is first asked for.</summary>
/// <remarks>Used by one invocation at a time; not thread-safe.</remarks>
internal sealed class LocalFunctionContext : FunctionContext, IAsyncDisposable
{
    private readonly IServiceProvider _provider;
    private readonly bool _ownsScope;
    private readonly Activity? _activity = Activity.Current;
    private AsyncServiceScope? _scope;

    /// <param name="function">The function.</param>
    /// <param name="trigger">What triggered it, in the form that the function's trigger binding reads.</param>
    /// <param name="provider">The invocation's services, or the host's when the context is to make a scope of its own.</param>
    /// <param name="ownsScope">Whether to make that scope.</param>
    /// <param name="cancellationToken">Fires when the invocation should end.</param>
    public LocalFunctionContext(
        CompiledFunction function, object trigger, IServiceProvider provider, bool ownsScope, CancellationToken cancellationToken)
    {
        Function = function;
        Trigger = trigger;
        _provider = provider;
        _ownsScope = ownsScope;
        CancellationToken = cancellationToken;
    }

    public CompiledFunction Function { get; }

    public object Trigger { get; }

    public object? Result { get; set; }

    public override string InvocationId => field ??= Guid.NewGuid().ToString();

    public override string FunctionId => Function.Definition.Id;

    public override FunctionDefinition FunctionDefinition => Function.Definition;

    public override TraceContext TraceContext => field ??= new LocalTraceContext(_activity);

    public override BindingContext BindingContext => field ??= new LocalBindingContext(this);

    public override RetryContext RetryContext => LocalRetryContext.None;

    public override IDictionary<object, object> Items
    {
        get => field ??= new Dictionary<object, object>();
        set;
    }

    public override IInvocationFeatures Features => field ??= new InvocationFeatures();

    public override CancellationToken CancellationToken { get; }

    public override IServiceProvider InstanceServices
    {
        get => field ??= _ownsScope ? (_scope = _provider.CreateAsyncScope()).Value.ServiceProvider : _provider;
        set;
    }

    /// <summary>Runs the function itself, inside all middleware.</summary>
    public Task RunAsync() => Function.RunAsync(this);

    public ValueTask DisposeAsync() => _scope?.DisposeAsync() ?? ValueTask.CompletedTask;
}
