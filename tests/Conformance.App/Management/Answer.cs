using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Conformance.App.Management;

/// <summary>Turns what a client call returned or threw into an answer.</summary>
internal static class Answer
{
    /// <returns>200 with the value; 404 without one; 500 with the type and message of what was thrown.</returns>
    public static async Task<IResult> OfAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call() is { } value ? Results.Json(value) : Results.NotFound();
        }
        catch (Exception exception)
        {
            return Results.Json(
                new { type = exception.GetType().FullName, message = exception.Message }, statusCode: StatusCodes.Status500InternalServerError);
        }
    }

    public static Task<IResult> OfAsync(Func<Task> call) => OfAsync(async () =>
    {
        await call();
        return "done";
    });
}
