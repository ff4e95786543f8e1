using System.Reflection;
using FunctionsBroker.Local.Functions.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsBroker.Local.Functions.Http;

/// <summary>Binds a <c>[FromBody]</c> parameter by MVC's input formatters, as the worker's ASP.NET Core integration does.</summary>
internal sealed class RequestBodyBinder
{
    private static readonly BindingInfo s_body = new() { BindingSource = BindingSource.Body };

    public static ArgumentBinder For(ParameterInfo parameter) => async context =>
    {
        var http = (HttpContext)context.Trigger;
        var metadata = http.RequestServices.GetRequiredService<IModelMetadataProvider>().GetMetadataForType(parameter.ParameterType);
        var binder = http.RequestServices.GetRequiredService<IModelBinderFactory>().CreateBinder(
            new ModelBinderFactoryContext { Metadata = metadata, BindingInfo = s_body, CacheToken = parameter });
        var binding = DefaultModelBindingContext.CreateBindingContext(
            new ActionContext(http, http.GetRouteData(), new ActionDescriptor()), new CompositeValueProvider(), metadata, s_body, string.Empty);
        await binder.BindModelAsync(binding);
        return binding.Result.IsModelSet
            ? binding.Result.Model
            : throw new FunctionInputConverterException(context.Function.Definition.Name, parameter.Name!, ReasonOf(binding.ModelState));
    };

    private static string ReasonOf(ModelStateDictionary state)
    {
        var errors = state.Values.SelectMany(entry => entry.Errors)
            .Select(error => string.IsNullOrEmpty(error.ErrorMessage) ? error.Exception?.Message : error.ErrorMessage)
            .OfType<string>()
            .ToList();
        return errors.Count > 0 ? string.Join(' ', errors) : "there is no body.";
    }
}
