using FunctionsBroker.LoopbackModel.Directives;
using FunctionsBroker.LoopbackModel.Requests;

namespace FunctionsBroker.LoopbackModel.Control;

/// <summary>What a test asks of the model from outside: see docs/loopback-model.md.</summary>
internal static class ControlEndpoints
{
    public static void MapControl(this IEndpointRouteBuilder routes, Behaviour behaviour, RequestLog log)
    {
        var control = routes.MapGroup("/_control");
        control.MapPost("", async (HttpContext context) =>
        {
            var command = await context.Request.ReadFromJsonAsync(ModelJsonContext.Default.ControlCommand, context.RequestAborted);
            try
            {
                behaviour.SetDefaults(DirectiveParser.Parse(command?.Defaults ?? ""));
            }
            catch (FormatException exception)
            {
                return Results.Text(exception.Message, statusCode: StatusCodes.Status400BadRequest);
            }

            return Results.NoContent();
        });
        control.MapGet("/requests", (string? conversation) =>
        {
            var requests = log.Snapshot();
            var asked = conversation is null ? requests : [.. requests.Where(request => request.Conversation == conversation)];
            return Results.Json(new RequestList(log.Count, asked), ModelJsonContext.Default.RequestList);
        });
        control.MapDelete("", () =>
        {
            log.Clear();
            behaviour.Reset();
            return Results.NoContent();
        });
    }
}

/// <summary>The body of <c>POST /_control</c>.</summary>
/// <param name="Defaults">Behaviour of requests without a directive of their own, e.g. <c>delay=50ms</c>; empty is none.</param>
public sealed record ControlCommand(string Defaults);
