namespace FunctionsBroker.Conformance.Tests.PublicApi;

/// <summary>Types as text: full names, generic arguments in angle brackets, parameters of types as !0 and of methods as !!0.</summary>
internal sealed class SignatureText : TypeWalk
{
    public static SignatureText Instance { get; } = new();
}
