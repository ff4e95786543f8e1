using System.Collections.Concurrent;
using System.Reflection;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Sessions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace FunctionsBroker.Functions.Callers;

/// <summary>Marks a call that sees by itself to it that a caller gets at its own sessions only.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ForEveryCallerAttribute : Attribute;

/// <summary>Lets a caller whose key is for some sessions only get at no others.</summary>
/// <remarks>
/// Which calls take a function key and which session they are about, their triggers tell. A call that is about no session in its path is
/// the operators', unless it says that it is for every caller.
/// </remarks>
internal sealed class CallerMiddleware(CallerKeys keys) : IFunctionsWorkerMiddleware
{
    private const string SessionValue = "sessionId";

    private readonly ConcurrentDictionary<string, CallKind> _kinds = new(StringComparer.Ordinal);

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http
            && _kinds.GetOrAdd(context.FunctionDefinition.EntryPoint, KindOf) is var kind and not CallKind.Open
            && FindProblem(http, kind) is { } problem)
        {
            await new ProblemResult(problem).ExecuteAsync(http);
            return;
        }

        await next(context);
    }

    /// <param name="entryPoint">The full name of a type of this assembly, a point, and the name of its method.</param>
    internal static CallKind KindOf(string entryPoint)
    {
        var point = entryPoint.LastIndexOf('.');
        var method = typeof(CallerMiddleware).Assembly.GetType(entryPoint[..point], throwOnError: true)!.GetMethod(entryPoint[(point + 1)..])!;
        var trigger = method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).First(found => found is not null)!;
        return trigger switch
        {
            { AuthLevel: AuthorizationLevel.Anonymous } => CallKind.Open,
            { Route: { } route } when route.Contains($"{{{SessionValue}}}", StringComparison.Ordinal) => CallKind.OfSession,
            _ => method.IsDefined(typeof(ForEveryCallerAttribute)) ? CallKind.ForEveryCaller : CallKind.ForOperators,
        };
    }

    private Problem? FindProblem(HttpContext http, CallKind kind)
    {
        if (keys.Find(http.Request) is not { } caller)
        {
            return ProblemCatalogue.UnknownCaller();
        }

        http.Items[typeof(Caller)] = caller;
        return kind switch
        {
            _ when caller.SessionPrefix is null => null,
            CallKind.ForOperators => ProblemCatalogue.NotAllowed("It opens the sessions of one caller, and this call is about all of them."),

            // What is no id the call itself refuses.
            CallKind.OfSession when SessionId.TryParse(PathSegment.Decode(http.Request.RouteValues[SessionValue] as string), out var session) =>
                caller.FindProblem(session),
            _ => null,
        };
    }
}

/// <summary>Whom a call is for.</summary>
internal enum CallKind
{
    /// <summary>It takes no function key.</summary>
    Open,

    /// <summary>Its path names a session: for callers who may use that.</summary>
    OfSession,

    ForEveryCaller,

    ForOperators,
}
