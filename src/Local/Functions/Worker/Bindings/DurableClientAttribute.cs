using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Binds a parameter to the client of the app's task hub.</summary>
public sealed class DurableClientAttribute : InputBindingAttribute
{
    /// <summary>The task hub; the app's own when null. Another hub is not supported in this runtime.</summary>
    public string? TaskHub { get; set; }

    /// <summary>The hub's storage setting; the app's own when null. Another account is not supported in this runtime.</summary>
    public string? ConnectionName { get; set; }
}
