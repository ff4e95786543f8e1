using System.Reflection;
using FunctionsBroker.Functions.Callers;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Functions.Tests.Callers;

public sealed class CallKindTests
{
    /// <summary>Every call and whom it is for: a new one has to be put here by somebody who has thought of it.</summary>
    [Fact]
    public void KindOf_EveryCall_IsAsMeant()
    {
        var kinds = typeof(CallerMiddleware).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetParameters().Any(parameter => parameter.IsDefined(typeof(HttpTriggerAttribute))))
            .Select(method => (method.GetCustomAttribute<FunctionAttribute>()!.Name, Kind: CallerMiddleware.KindOf($"{method.DeclaringType!.FullName}.{method.Name}")))
            .GroupBy(call => call.Kind, call => call.Name)
            .ToDictionary(kind => kind.Key, kind => string.Join(' ', kind.Order(StringComparer.Ordinal)));

        Assert.Equal("Health OpenAi OpenApi TurnFinished", kinds[CallKind.Open]);
        Assert.Equal("CancelTurn ClearSession CompactSession DecidePermission DeleteSession GetSession GetTurn ListTurns Listen PutSession SubmitTurn", kinds[CallKind.OfSession]);
        Assert.Equal("Inject ListSessions", kinds[CallKind.ForEveryCaller]);
        Assert.Equal("GetUsage ListHosts", kinds[CallKind.ForOperators]);
    }
}
