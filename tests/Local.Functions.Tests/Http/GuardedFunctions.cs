using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Local.Functions.Tests.Http;

internal static class GuardedFunctions
{
    [Function("Open")]
    public static IResult Open([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => Results.Text("open");

    [Function("Keyed")]
    public static IResult Keyed([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request) => Results.Text("keyed");

    [Function("Other")]
    public static IResult Other([HttpTrigger("get")] HttpRequest request) => Results.Text("other");

    [Function("SystemOnly")]
    public static IResult SystemOnly([HttpTrigger(AuthorizationLevel.System, "get")] HttpRequest request) => Results.Text("system");

    [Function("AdminOnly")]
    public static IResult AdminOnly([HttpTrigger(AuthorizationLevel.Admin, "get")] HttpRequest request) => Results.Text("admin");
}
