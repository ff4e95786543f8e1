namespace FunctionsBroker.Infra.Tests.Bicep;

/// <summary>Finds what expressions refer to.</summary>
internal static class References
{
    /// <summary>The names that stand for values in a node, with those that loops and lambdas around them bring along left out.</summary>
    public static IEnumerable<SyntaxNode> NamesIn(SyntaxNode node) => NamesIn(node, []);

    /// <summary>The functions that are called.</summary>
    public static IEnumerable<SyntaxNode> CallsIn(SyntaxNode node) =>
        node.DescendantsAndSelf().Where(child => child.Kind == "call_expression").Select(call => call.FieldOf("function") ?? call);

    /// <summary>Chains of members that begin with a name, such as <c>storage.outputs.endpoint</c>.</summary>
    public static IEnumerable<IReadOnlyList<string>> ChainsIn(SyntaxNode node) =>
        node.DescendantsAndSelf().Where(child => child.Kind == "member_expression").Select(ChainOf).OfType<IReadOnlyList<string>>();

    private static IReadOnlyList<string>? ChainOf(SyntaxNode node) => node.Kind switch
    {
        "identifier" => [node.Text],
        "member_expression" when ChainOf(node.Children[0]) is { } start && node.FieldOf("property") is { } property => [.. start, property.Text],
        "resource_expression" or "subscript_expression" or "parenthesized_expression" => ChainOf(node.Children[0]),
        _ => null,
    };

    private static IEnumerable<SyntaxNode> NamesIn(SyntaxNode node, IReadOnlyList<string> own)
    {
        switch (node.Kind)
        {
            case "identifier":
                return own.Contains(node.Text) ? [] : [node];
            case "object_property" when node.Children.Count > 1:
                // The name of the member is none.
                return node.Children.Skip(1).SelectMany(child => NamesIn(child, own))
                    .Concat(node.Children[0].Kind == "string" ? NamesIn(node.Children[0], own) : []);
            case "resource_declaration" or "module_declaration":
                return node.Children.Skip(2).SelectMany(child => NamesIn(child, own));
            case "resource_expression":
                // What follows the colons is the name of a resource inside of the first.
                return NamesIn(node.Children[0], own);
            case "call_expression":
                return node.Children.Where(child => child.Field != "function").SelectMany(child => NamesIn(child, own));
            case "for_statement":
                own = [.. own, .. node.Children.Where(child => child.Field == "initializer" || child.Kind == "for_loop_parameters").SelectMany(LeavesOf)];
                return node.Children.Where(child => child.Kind != "for_loop_parameters").SelectMany(child => NamesIn(child, own));
            case "lambda_expression":
                own = [.. own, .. node.Children.SkipLast(1).SelectMany(LeavesOf)];
                return NamesIn(node.Children[^1], own);
            default:
                return node.Children.SelectMany(child => NamesIn(child, own));
        }
    }

    private static IEnumerable<string> LeavesOf(SyntaxNode node) =>
        node.Children.Count == 0 ? [node.Text] : node.Children.SelectMany(LeavesOf);
}
