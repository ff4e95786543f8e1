using FunctionsBroker.Local.Functions.Http;
using Microsoft.Azure.Functions.Worker.Converters;

namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>Binds a parameter of an HTTP function to the request's body, read as ASP.NET Core's model binding reads it.</summary>
public class FromBodyAttribute() : InputConverterAttribute(typeof(RequestBodyBinder));
