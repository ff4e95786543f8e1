namespace FunctionsBroker.LoopbackModel.Directives;

/// <summary>Where a connection is cut.</summary>
internal abstract record Drop
{
    private Drop()
    {
    }

    public sealed record BeforeHeaders : Drop;

    public sealed record MidStream : Drop;

    /// <summary>After so many bytes of the response body.</summary>
    public sealed record AfterBytes(int Count) : Drop;
}
