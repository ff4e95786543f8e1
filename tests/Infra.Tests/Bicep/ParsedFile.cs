namespace FunctionsBroker.Infra.Tests.Bicep;

/// <summary>What <c>parse.cjs</c> says of one file.</summary>
internal sealed record ParsedFile(string Path, SyntaxNode Root, IReadOnlyList<string> Errors);
