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

        await JsonSerializer.SerializeAsync(response.Body, Value, type, httpContext.RequestAborted);
    }
}
