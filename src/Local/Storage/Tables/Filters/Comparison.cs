using System.Linq.Expressions;

namespace FunctionsBroker.Local.Storage.Tables.Filters;

/// <summary>Brings the ways of comparing in C# to one form.</summary>
internal static class Comparison
{
    /// <summary>The name of an operator in a filter, or null if it has none.</summary>
    public static string? Operator(ExpressionType type) => type switch
    {
        ExpressionType.Equal => "eq",
        ExpressionType.NotEqual => "ne",
        ExpressionType.LessThan => "lt",
        ExpressionType.LessThanOrEqual => "le",
        ExpressionType.GreaterThan => "gt",
        ExpressionType.GreaterThanOrEqual => "ge",
        _ => null,
    };

    /// <summary>
    /// Makes <c>a.CompareTo(b) &gt; 0</c>, <c>string.Compare(a, b) &gt; 0</c>, <c>a.Equals(b)</c> and
    /// <c>string.Equals(a, b)</c> plain comparisons; gives back anything else as it is.
    /// </summary>
    /// <exception cref="NotSupportedException">A string comparison asks for rules other than the service's.</exception>
    public static Expression Normalize(Expression expression) => expression switch
    {
        BinaryExpression { Left: MethodCallExpression call, Right: var zero } comparison
            when Operands(call, nameof(string.CompareTo), nameof(string.Compare)) is { } operands && IsZero(zero) =>
            Compare(comparison.NodeType, operands),
        MethodCallExpression call when Operands(call, nameof(Equals), nameof(Equals)) is { } operands =>
            Compare(ExpressionType.Equal, operands),
        _ => expression,
    };

    private static (Expression Left, Expression Right)? Operands(MethodCallExpression call, string instanceName, string staticName)
    {
        var isInstance = call.Object is not null && call.Method.Name == instanceName;
        if (!isInstance && (call.Object is not null || call.Method.Name != staticName))
        {
            return null;
        }

        Expression[] operands = call.Object is null ? [.. call.Arguments] : [call.Object, .. call.Arguments];
        if (operands.Any(static operand => operand.Type == typeof(StringComparison) || operand.Type == typeof(bool)))
        {
            throw new NotSupportedException(
                $"The table service compares strings by their code points; '{call}' cannot ask for another comparison.");
        }

        return operands is [var left, var right] ? (left, right) : null;
    }

    private static bool IsZero(Expression expression) => expression is ConstantExpression { Value: 0 };

    // Strings have no ordering operators in C#, so the node is made by a method that is never called.
    private static BinaryExpression Compare(ExpressionType type, (Expression Left, Expression Right) operands) =>
        Expression.MakeBinary(
            type,
            Expression.Convert(operands.Left, typeof(object)),
            Expression.Convert(operands.Right, typeof(object)),
            liftToNull: false,
            ((Func<object, object, bool>)NeverCalled).Method);

    private static bool NeverCalled(object left, object right) => throw new NotSupportedException();
}
