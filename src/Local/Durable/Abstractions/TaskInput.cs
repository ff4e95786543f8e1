namespace Microsoft.DurableTask;

/// <summary>The typed view of an input that the engine passes as an object.</summary>
internal static class TaskInput
{
    public static T Cast<T>(object? input)
    {
        // A missing input is the type's default, as the published base classes do it.
        return input switch
        {
            null => default!,
            T typed => typed,
            _ => throw new ArgumentException($"The input is a {input.GetType()}, but {typeof(T)} is expected.", nameof(input)),
        };
    }
}
