namespace FunctionsBroker.Local.Functions.Invocation;

/// <summary>Makes the value of one parameter; compiled once, called on every invocation.</summary>
internal delegate ValueTask<object?> ArgumentBinder(LocalFunctionContext context);
