using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;

namespace FunctionsBroker.Local.Functions.Http;

/// <summary>Turns a function's result into a response.</summary>
internal static class HttpResponseWriter
{
    public static bool CanWrite(Type result) =>
        result.IsAssignableTo(typeof(IResult)) || result.IsAssignableTo(typeof(IActionResult));

    /// <summary>Executes a result; one that is neither <see cref="IResult"/> nor <see cref="IActionResult"/> leaves the response as it is.</summary>
    public static Task WriteAsync(HttpContext http, object? result) => result switch
    {
        IActionResult action => action.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor())),
        IResult minimal => minimal.ExecuteAsync(http),
        _ => Task.CompletedTask,
    };
}
