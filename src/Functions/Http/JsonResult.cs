using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Functions.Http;

/// <summary>Answers a request with a wire record.</summary>
internal sealed class JsonResult<T>(T value, JsonTypeInfo<T> type, int status, string? location = null) : IResult
{
    private const string ContentType = "application/json; charset=utf-8";

    public T Value { get; } = value;

    public int Status { get; } = status;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        if (location is not null)
        {
            response.Headers.Location = location;
        }

        // In one piece: a caller who is told its length has it all without waiting for a last chunk.
        var body = JsonSerializer.SerializeToUtf8Bytes(Value, type);
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}
