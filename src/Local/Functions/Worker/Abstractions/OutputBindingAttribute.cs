namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>Marks a function's result, or one property of it, as an output.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public abstract class OutputBindingAttribute : BindingAttribute;
