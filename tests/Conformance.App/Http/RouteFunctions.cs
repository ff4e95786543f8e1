using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Conformance.App.Http;

/// <summary>Functions that differ by their routes and methods.</summary>
public static class RouteFunctions
{
    [Function("Unrouted")]
    public static IResult Unrouted([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => Results.Text(request.Path);

    [Function("Constrained")]
    public static IResult Constrained(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "routes/numbers/{number:int:min(10)}")] HttpRequest request, int number) =>
        Results.Json(number);

    [Function("ConstrainedGuid")]
    public static IResult ConstrainedGuid(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "routes/guids/{id:guid}")] HttpRequest request, Guid id) => Results.Json(id);

    [Function("ConstrainedText")]
    public static IResult ConstrainedText(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "routes/words/{word:alpha:length(3,5)}")] HttpRequest request, string word) =>
        Results.Json(word);

    [Function("Optional")]
    public static IResult Optional(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "routes/optional/{category}/{id:int?}")] HttpRequest request, string category, int? id) =>
        Results.Json(new { category, id });

    [Function("Defaulted")]
    public static IResult Defaulted(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "routes/defaulted/{page=1}")] HttpRequest request, string page) => Results.Json(page);

    [Function("CatchAll")]
    public static IResult CatchAll(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "routes/files/{*path}")] HttpRequest request, string? path) => Results.Json(path);

    [Function("TwoMethods")]
    public static IResult TwoMethods(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", "post", Route = "routes/methods")] HttpRequest request) => Results.Text(request.Method);

    [Function("AnyMethod")]
    public static IResult AnyMethod([HttpTrigger(AuthorizationLevel.Anonymous, Route = "routes/any")] HttpRequest request) => Results.Text(request.Method);

    [Function("SameRouteGet")]
    public static IResult SameRouteGet([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "routes/same")] HttpRequest request) => Results.Text("got");

    [Function("SameRouteDelete")]
    public static IResult SameRouteDelete([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "routes/same")] HttpRequest request) =>
        Results.Text("deleted");

    [Function("Literal")]
    public static IResult Literal([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "routes/order/literal")] HttpRequest request) =>
        Results.Text("literal");

    [Function("Parameter")]
    public static IResult Parameter([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "routes/order/{any}")] HttpRequest request, string any) =>
        Results.Text($"parameter {any}");

    [Function("Query")]
    public static IResult Query(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "routes/query")] HttpRequest request, string? name, int? count) =>
        Results.Json(new { name, count, both = request.Query["both"].ToArray() });
}
