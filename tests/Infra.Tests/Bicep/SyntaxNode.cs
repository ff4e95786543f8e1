namespace FunctionsBroker.Infra.Tests.Bicep;

/// <summary>A node of a syntax tree, as <c>parse.cjs</c> prints it. Kinds and fields are those of the grammar tree-sitter-bicep.</summary>
internal sealed record SyntaxNode(string Kind, string? Field, int Line, string Text, IReadOnlyList<SyntaxNode> Children)
{
    public IEnumerable<SyntaxNode> DescendantsAndSelf() => Children.SelectMany(child => child.DescendantsAndSelf()).Prepend(this);

    public SyntaxNode? ChildOf(string kind) => Children.FirstOrDefault(child => child.Kind == kind);

    public SyntaxNode? FieldOf(string field) => Children.FirstOrDefault(child => child.Field == field);

    /// <summary>The text of a string without interpolation, else null.</summary>
    public string? Literal =>
        Kind == "string" && Children.All(child => child.Kind != "interpolation") ? Text[1..^1] : null;

    /// <summary>The members of an object, by name.</summary>
    public IEnumerable<(string Name, SyntaxNode Value)> Members() =>
        Children
            .Where(child => child.Kind == "object_property" && child.Children.Count == 2)
            .Select(child => (child.Children[0].Literal ?? child.Children[0].Text, child.Children[1]));

    /// <summary>The member of an object, where it has one.</summary>
    public SyntaxNode? Member(string name) => Members().FirstOrDefault(member => member.Name == name).Value;
}
