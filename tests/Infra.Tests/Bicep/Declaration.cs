namespace FunctionsBroker.Infra.Tests.Bicep;

/// <summary>A parameter, variable, resource, module or output.</summary>
/// <param name="Node">The declaration.</param>
/// <param name="Decorators">The names of its decorators.</param>
internal sealed record Declaration(SyntaxNode Node, IReadOnlyList<string> Decorators)
{
    public const string Parameter = "parameter_declaration";
    public const string Variable = "variable_declaration";
    public const string Resource = "resource_declaration";
    public const string Module = "module_declaration";
    public const string Output = "output_declaration";

    public static readonly IReadOnlyList<string> Kinds = [Parameter, Variable, Resource, Module, Output];

    public string Kind => Node.Kind;

    public string Name => Node.Children[0].Text;

    /// <summary>What follows the type: a default, a value, a body. Null for a parameter without a default.</summary>
    public SyntaxNode? Value => Node.Children.Skip(1).LastOrDefault(child => child.Kind != "type");

    public bool IsSecure => Decorators.Contains("secure");

    public bool IsRequired => Kind == Parameter && Value is null;

    /// <summary>The path of a module, or the type of a resource with its version.</summary>
    public string Target => Node.Children[1].Literal ?? throw new InvalidOperationException($"{Name} has no literal target.");

    public bool IsExisting => Node.Text[..Node.Text.IndexOf('{', StringComparison.Ordinal)].Contains(" existing ", StringComparison.Ordinal);

    /// <summary>The object of a resource or module, inside of a loop and a condition where there are such.</summary>
    public SyntaxNode Body
    {
        get
        {
            var node = Node.Children[^1];
            while (node.Kind is "for_statement" or "if_statement" or "parenthesized_expression")
            {
                node = node.Children[^1];
            }

            return node;
        }
    }

    /// <summary>What a loop goes over and what a condition asks.</summary>
    public IEnumerable<SyntaxNode> Controls
    {
        get
        {
            for (var node = Node.Children[^1]; node.Kind is "for_statement" or "if_statement"; node = node.Children[^1])
            {
                yield return node.Children[^2];
            }
        }
    }
}
