using System.Reflection;
using System.Text.Json;
using FunctionsBroker.Local.Functions.Discovery;
using FunctionsBroker.Local.Functions.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Azure.Functions.Worker;
using WorkerFromBody = Microsoft.Azure.Functions.Worker.Http.FromBodyAttribute;

namespace FunctionsBroker.Local.Functions.Http;

/// <summary>Binds an HTTP function: the request, its body, and route and query values by name. Its trigger is the <see cref="HttpContext"/>.</summary>
internal sealed class HttpTriggerBinding : TriggerBinding
{
    // The query parameter of a function key is the host's own, and no function's.
    private const string KeyParameter = "code";

    private readonly FunctionDescriptor _function;

    /// <exception cref="NotSupportedException">The function's result could not become a response.</exception>
    public HttpTriggerBinding(FunctionDescriptor function)
    {
        _function = function;
        if (function.Trigger is HttpTriggerAttribute { AuthLevel: AuthorizationLevel.User })
        {
            throw function.NotSupported("AuthorizationLevel.User is not supported, as on the real host.");
        }

        if (!MayBeResponse(function))
        {
            throw function.NotSupported(
                $"the worker's ASP.NET Core integration sends no response for a result of type {function.ResultType}; return IResult or IActionResult.");
        }
    }

    public override ArgumentBinder? Bind(ParameterInfo parameter)
    {
        if (parameter == _function.TriggerParameter)
        {
            return parameter.ParameterType == typeof(HttpRequest)
                ? static context => new ValueTask<object?>(((HttpContext)context.Trigger).Request)
                : null;
        }

        if (parameter.GetCustomAttribute<WorkerFromBody>() is not null)
        {
            return RequestBodyBinder.For(parameter);
        }

        RefuseAttributesWithoutEffect(parameter);
        var name = parameter.Name!;
        return NamedDataBinder.For(parameter, context => Find((HttpContext)context.Trigger, name));
    }

    public override void Prepare(LocalFunctionContext context) =>
        context.Items[HttpTriggerConstants.HttpContextKey] = context.Trigger;

    public override Task CompleteAsync(LocalFunctionContext context)
    {
        var result = context.Result is null ? null : context.Function.Outputs.HttpResult(context.Result);
        return HttpResponseWriter.WriteAsync((HttpContext)context.Trigger, result);
    }

    public override IReadOnlyDictionary<string, object?> GetBindingData(object trigger)
    {
        var request = ((HttpContext)trigger).Request;
        var query = request.Query.ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString());
        var headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString());
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Query"] = JsonSerializer.Serialize(query),
            ["Headers"] = JsonSerializer.Serialize(headers),
        };
        foreach (var (name, value) in query.Where(parameter => !IsKey(parameter.Key)))
        {
            data[name] = value;
        }

        foreach (var (name, value) in request.RouteValues)
        {
            data[name] = value;
        }

        return data;
    }

    private static object? Find(HttpContext http, string name)
    {
        if (http.Request.RouteValues.TryGetValue(name, out var value))
        {
            return value;
        }

        return !IsKey(name) && http.Request.Query.TryGetValue(name, out var values) ? values.ToString() : null;
    }

    private static bool IsKey(string name) => name.Equals(KeyParameter, StringComparison.OrdinalIgnoreCase);

    // The worker takes no notice of MVC's attributes and would leave such a parameter empty, or take its value from elsewhere.
    private void RefuseAttributesWithoutEffect(ParameterInfo parameter)
    {
        var attribute = parameter.GetCustomAttributes()
            .FirstOrDefault(attribute => attribute is IBindingSourceMetadata && !SaysWhatNamesDo(attribute, parameter));
        if (attribute is not null)
        {
            throw _function.NotSupported(
                $"[{attribute.GetType().Name}] of ASP.NET Core MVC on parameter '{parameter.Name}' has no effect in the worker; "
                + "use the worker's own [FromBody], route and query values by the parameter's name, or read the HttpRequest.");
        }
    }

    private static bool SaysWhatNamesDo(Attribute attribute, ParameterInfo parameter) =>
        attribute is FromRouteAttribute { Name: var route } && (route is null || route.Equals(parameter.Name, StringComparison.OrdinalIgnoreCase))
        || attribute is FromQueryAttribute { Name: var query } && (query is null || query.Equals(parameter.Name, StringComparison.OrdinalIgnoreCase));

    private static bool MayBeResponse(FunctionDescriptor function)
    {
        var outputs = OutputAttributes.Of(function).ToList();
        return outputs.Count > 0
            || function.ResultType == typeof(void)
            || function.ResultType == typeof(object)
            || HttpResponseWriter.CanWrite(function.ResultType);
    }
}
