using System.Text.Json.Serialization;

namespace FunctionsBroker.Contracts.Problems;

/// <summary>Something that went wrong, in a form that is safe to show and says what to do.</summary>
/// <remarks>
/// Serialized as the members of RFC 9457 problem details, with <c>code</c> and <c>retryable</c> as extensions.
/// Instances come from <see cref="ProblemCatalogue"/>; a code never changes its meaning.
/// </remarks>
/// <param name="Code">Stable identifier, lower case with underscores.</param>
/// <param name="Title">One line for a person, the same for every occurrence of the code.</param>
/// <param name="Status">The HTTP status that this problem has when it answers a request.</param>
/// <param name="Retryable">Whether the same request may succeed later without being changed.</param>
/// <param name="Detail">What happened this time and what to do about it; holds no secret.</param>
/// <param name="RetryAfterSeconds">When retrying makes sense, in whole seconds from now; null when unknown.</param>
public sealed record Problem(
    string Code,
    string Title,
    int Status,
    bool Retryable,
    string? Detail = null,
    int? RetryAfterSeconds = null)
{
    private const string TypePrefix = "urn:functions-broker:problem:";

    /// <summary>The problem type as a URI, derived from <see cref="Code"/>.</summary>
    [JsonPropertyOrder(-1)]
    public string Type => TypePrefix + Code;
}
