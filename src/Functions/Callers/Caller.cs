using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Identity;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Functions.Callers;

/// <summary>Who calls, as the key tells that was shown.</summary>
/// <param name="Name">Its name in the settings; null where none are told apart.</param>
/// <param name="SessionPrefix">With what the ids of its sessions begin; null when every session is.</param>
internal sealed record Caller(string? Name, string? SessionPrefix)
{
    /// <summary>Who may do everything.</summary>
    public static Caller Operator { get; } = new(Name: null, SessionPrefix: null);

    public bool Owns(SessionId session) => SessionPrefix is null || session.Value.StartsWith(SessionPrefix, StringComparison.Ordinal);

    /// <returns>Null when the session is its own; else why not, the same whether there is such a session or not.</returns>
    public Problem? FindProblem(SessionId session) =>
        Owns(session) ? null : ProblemCatalogue.NotAllowed($"It opens the sessions whose ids begin with '{SessionPrefix}'.");
}

internal static class CallerExtensions
{
    /// <summary>Who has sent the request, as <see cref="CallerMiddleware"/> found.</summary>
    public static Caller GetCaller(this HttpRequest request) => (Caller)request.HttpContext.Items[typeof(Caller)]!;
}
