namespace FunctionsBroker.Infra.Tests.Bicep;

/// <summary>One bicep file.</summary>
internal sealed class BicepModule
{
    public BicepModule(ParsedFile file)
    {
        File = file;
        Declarations = [.. DeclarationsIn(file.Root)];
        Resources = [.. file.Root.DescendantsAndSelf().Where(node => node.Kind == Declaration.Resource).Select(node => new Declaration(node, []))];
    }

    public ParsedFile File { get; }

    public string Path => File.Path;

    /// <summary>What is declared at the file's top level.</summary>
    public IReadOnlyList<Declaration> Declarations { get; }

    /// <summary>All resources, those inside of others too.</summary>
    public IReadOnlyList<Declaration> Resources { get; }

    public bool IsAtSubscriptionScope => File.Root.ChildOf("target_scope_assignment")?.Text.Contains("'subscription'", StringComparison.Ordinal) == true;

    public IEnumerable<Declaration> Of(string kind) => Declarations.Where(declaration => declaration.Kind == kind);

    public Declaration? Find(string kind, string name) => Of(kind).FirstOrDefault(declaration => declaration.Name == name);

    public Declaration Variable(string name) =>
        Find(Declaration.Variable, name) ?? throw new InvalidOperationException($"{Path} has no variable {name}.");

    private static IEnumerable<Declaration> DeclarationsIn(SyntaxNode root)
    {
        IReadOnlyList<string> decorators = [];
        foreach (var node in root.Children)
        {
            if (node.Kind == "decorators")
            {
                decorators = [.. node.Children.Select(decorator => decorator.Children[0].FieldOf("function")?.Text ?? decorator.Text)];
            }
            else if (node.Kind != "comment")
            {
                if (Declaration.Kinds.Contains(node.Kind))
                {
                    yield return new Declaration(node, decorators);
                }

                decorators = [];
            }
        }
    }
}
