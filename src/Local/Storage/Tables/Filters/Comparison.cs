using System.Linq.Expressions;

namespace FunctionsBroker.Local.Storage.Tables.Filters;

/// <summary>A comparison, in whichever of C#'s ways it was written.</summary>
/// <param name="Operator">Its name in a filter.</param>
internal sealed record Comparison(Expression Left, string Operator, Expression Right)
{
    /// <summary>
    /// Reads <c>a &gt; b</c>, <c>a.CompareTo(b) &gt; 0</c>, <c>string.Compare(a, b) &gt; 0</c>, <c>a.Equals(b)</c> and
    /// <c>string.Equals(a, b)</c>; gives null for anything else.
    /// </summary>
    /// <exception cref="NotSupportedException">A string comparison asks for rules other than the service's.</exception>
    public static Comparison? Of(Expression expression) => expression switch
    {
        BinaryExpression { Left: MethodCallExpression call, Right: ConstantExpression { Value: 0 } } order
            when OperatorOf(order.NodeType) is { } name && Operands(call, nameof(string.CompareTo), nameof(string.Compare)) is var (left, right) =>
            new Comparison(left, name, right),
        BinaryExpression plain when OperatorOf(plain.NodeType) is { } name => new Comparison(plain.Left, name, plain.Right),
        MethodCallExpression call when Operands(call, nameof(Equals), nameof(Equals)) is var (left, right) => new Comparison(left, "eq", right),
        _ => null,
    };

    private static string? OperatorOf(ExpressionType type) => type switch
    {
        ExpressionType.Equal => "eq",
        ExpressionType.NotEqual => "ne",
        ExpressionType.LessThan => "lt",
        ExpressionType.LessThanOrEqual => "le",
        ExpressionType.GreaterThan => "gt",
        ExpressionType.GreaterThanOrEqual => "ge",
        _ => null,
    };

    private static (Expression Left, Expression Right)? Operands(MethodCallExpression call, string instanceName, string staticName)
    {
        if (call.Method.Name != (call.Object is null ? staticName : instanceName))
        {
            return null;
        }

        Expression[] operands = call.Object is null ? [.. call.Arguments] : [call.Object, .. call.Arguments];
        if (operands.Any(static operand => operand.Type == typeof(StringComparison)))
        {
            throw new NotSupportedException(
                $"The table service compares strings by their code points; '{call}' cannot ask for another comparison.");
        }

        return operands is [var left, var right] ? (left, right) : null;
    }
}
