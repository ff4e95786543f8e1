using System.Runtime.CompilerServices;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Conformance.Tests;

/// <summary>A case of the suite: what the published packages or services promise, and where they do.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ConformanceAttribute : FactAttribute
{
    public ConformanceAttribute(
        string source, string promise, [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Source = source;
        Promise = promise;
        Timeout = TestTimeouts.DefaultMilliseconds;
    }

    /// <summary>A page of documentation, or a file of a public repository (the address on github.com, without a line number).</summary>
    public string Source { get; }

    /// <summary>What it says, in a sentence of ours.</summary>
    public string Promise { get; }
}
