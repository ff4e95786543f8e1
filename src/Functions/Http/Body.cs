using System.Diagnostics.CodeAnalysis;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.Functions.Http;

/// <summary>A body as it was read: the value, or what is wrong with it.</summary>
internal sealed record Body<T>
    where T : class
{
    public Body(T value) => Value = value;

    public Body(Problem problem) => Problem = problem;

    public T? Value { get; }

    public Problem? Problem { get; }

    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Problem? problem)
    {
        (value, problem) = (Value, Problem);
        return value is not null;
    }
}
