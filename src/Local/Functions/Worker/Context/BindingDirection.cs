namespace Microsoft.Azure.Functions.Worker;

/// <summary>Whether a binding brings something to a function or takes it away.</summary>
public enum BindingDirection
{
    In,
    Out,
}
