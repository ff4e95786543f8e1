using System.Reflection;
using System.Text.Json;
using FunctionsBroker.Local.Functions.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Local.Functions.Http;

/// <summary>Binds a <c>[FromBody]</c> parameter: JSON, by MVC's options, as the worker's ASP.NET Core integration does.</summary>
internal sealed class RequestBodyBinder
{
    public static ArgumentBinder For(ParameterInfo parameter) => async context =>
    {
        var http = (HttpContext)context.Trigger;
        if (!http.Request.HasJsonContentType())
        {
            throw new FunctionInputConverterException(context.Function.Definition.Name, parameter.Name!, "the request's content type is not JSON.");
        }

        var options = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.JsonSerializerOptions;
        try
        {
            return await http.Request.ReadFromJsonAsync(parameter.ParameterType, options, context.CancellationToken);
        }
        catch (JsonException exception)
        {
            throw new FunctionInputConverterException(context.Function.Definition.Name, parameter.Name!, "the request's body is not valid JSON for it.", exception);
        }
    };
}
