using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Conformance.App.Http;

/// <summary>Functions that ask for keys.</summary>
public static class GuardedFunctions
{
    [Function("Guarded")]
    public static IResult Guarded([HttpTrigger(AuthorizationLevel.Function, "get", Route = "guarded/function")] HttpRequest request) => Results.Text("in");

    [Function("OtherGuarded")]
    public static IResult OtherGuarded([HttpTrigger(AuthorizationLevel.Function, "get", Route = "guarded/other")] HttpRequest request) =>
        Results.Text("in");

    [Function("AdminGuarded")]
    public static IResult AdminGuarded([HttpTrigger(AuthorizationLevel.Admin, "get", Route = "guarded/admin")] HttpRequest request) => Results.Text("in");

    /// <summary>The level when none is given.</summary>
    [Function("DefaultGuarded")]
    public static IResult DefaultGuarded([HttpTrigger("get", Route = "guarded/default")] HttpRequest request) => Results.Text("in");
}
