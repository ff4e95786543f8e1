using System.Reflection;
using FunctionsBroker.Local.Functions.Discovery;
using FunctionsBroker.Local.Functions.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace FunctionsBroker.Local.Functions.Http;

/// <summary>Binds an HTTP function: the request, its body, and route and query values by name. Its trigger is the <see cref="HttpContext"/>.</summary>
internal sealed class HttpTriggerBinding : TriggerBinding
{
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

        if (parameter.GetCustomAttribute<FromBodyAttribute>() is not null)
        {
            return RequestBodyBinder.For(parameter);
        }

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
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in request.Query)
        {
            data[name] = value.ToString();
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

        return http.Request.Query.TryGetValue(name, out var values) ? values.ToString() : null;
    }

    private static bool MayBeResponse(FunctionDescriptor function)
    {
        var outputs = OutputAttributes.Of(function).ToList();
        return outputs.Count > 0
            || function.ResultType == typeof(void)
            || function.ResultType == typeof(object)
            || HttpResponseWriter.CanWrite(function.ResultType);
    }
}
