using System.Text.RegularExpressions;
using FunctionsBroker.Infra.Tests.Bicep;

namespace FunctionsBroker.Infra.Tests.Checks;

/// <summary>Looks for ways on which a secret could get out: outputs, plain parameters, account keys, literals.</summary>
internal static partial class SecretChecks
{
    public static IEnumerable<string> Find(BicepTree tree) => tree.Modules.SelectMany(module =>
        PlainParameters(module).Concat(OpenOutputs(module)).Concat(Keys(module)).Concat(Literals(module)).Select(fault => $"{module.Path}: {fault}"));

    private static IEnumerable<string> PlainParameters(BicepModule module) =>
        module.Of(Declaration.Parameter)
            .Where(parameter => SecretName().IsMatch(parameter.Name) && !parameter.IsSecure)
            .Select(parameter => $"'{parameter.Name}' is not secure");

    private static IEnumerable<string> OpenOutputs(BicepModule module) =>
        module.Of(Declaration.Output)
            .Where(output => References.NamesIn(output.Value!).Any(name => module.Find(Declaration.Parameter, name.Text) is { IsSecure: true })
                || output.Value!.Text.Contains(".properties.value", StringComparison.Ordinal))
            .Select(output => $"the output '{output.Name}' tells a secret");

    private static IEnumerable<string> Keys(BicepModule module) =>
        References.CallsIn(module.File.Root)
            .Where(call => call.Text.StartsWith("list", StringComparison.OrdinalIgnoreCase) || call.Text.Contains(".list", StringComparison.OrdinalIgnoreCase))
            .Select(call => $"line {call.Line}: '{call.Text}' reads keys");

    private static IEnumerable<string> Literals(BicepModule module) =>
        module.File.Root.DescendantsAndSelf()
            .Where(node => node.Literal is { } text && SecretText().IsMatch(text))
            .Select(node => $"line {node.Line}: a secret stands there");

    [GeneratedRegex("(Key|Credential|Secret|Password|Token)$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex("AccountKey=|SharedAccessSignature|InstrumentationKey=|sk-ant-|-----BEGIN")]
    private static partial Regex SecretText();
}
