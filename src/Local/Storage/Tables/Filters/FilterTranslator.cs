using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using Azure.Data.Tables;
using FunctionsBroker.Local.Storage.Tables.Entities;

namespace FunctionsBroker.Local.Storage.Tables.Filters;

/// <summary>
/// Turns conditions into OData filters: comparisons of stored properties with values, joined by and, or and not, with
/// parentheses around every operand that is itself an operation. Whatever does not depend on the entity is evaluated.
/// </summary>
internal sealed class FilterTranslator
{
    private readonly StringBuilder _filter = new();
    private readonly ParameterExpression _entity;
    private readonly Func<string, string> _rename;

    private FilterTranslator(ParameterExpression entity, Func<string, string> rename)
    {
        _entity = entity;
        _rename = rename;
    }

    /// <returns>The filter, or null for a condition that is just <c>true</c>.</returns>
    /// <exception cref="NotSupportedException">The service has nothing that the condition could become.</exception>
    public static string? Translate<T>(Expression<Func<T, bool>> condition, Func<string, string>? rename = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var translator = new FilterTranslator(condition.Parameters[0], rename ?? (static name => name));
        translator.Condition(condition.Body);
        var filter = translator._filter.ToString();
        return filter == "true" ? null : filter;
    }

    private void Condition(Expression expression)
    {
        expression = Unwrap(expression);
        if (Comparison.Of(expression) is { } comparison)
        {
            Value(comparison.Left);
            _filter.Append(' ').Append(comparison.Operator).Append(' ');
            Value(comparison.Right);
            return;
        }

        switch (expression)
        {
            case BinaryExpression { NodeType: ExpressionType.AndAlso or ExpressionType.And } both:
                Join(both, " and ");
                break;
            case BinaryExpression { NodeType: ExpressionType.OrElse or ExpressionType.Or } either:
                Join(either, " or ");
                break;
            case UnaryExpression { NodeType: ExpressionType.Not } negation:
                _filter.Append("not ");
                Parenthesized(negation.Operand);
                break;
            case var property when PropertyName(property) is { } name && property.Type == typeof(bool):
                _filter.Append(name).Append(" eq true");
                break;
            case var constant when !DependsOnEntity.Check(constant, _entity):
                Value(constant);
                break;
            default:
                throw Unsupported(expression);
        }
    }

    private void Join(BinaryExpression operation, string name)
    {
        Parenthesized(operation.Left);
        _filter.Append(name);
        Parenthesized(operation.Right);
    }

    private void Parenthesized(Expression condition)
    {
        _filter.Append('(');
        Condition(condition);
        _filter.Append(')');
    }

    private void Value(Expression expression)
    {
        if (PropertyName(expression) is { } name)
        {
            _filter.Append(name);
            return;
        }

        if (DependsOnEntity.Check(expression, _entity))
        {
            throw Unsupported(expression);
        }

        _filter.Append(ODataLiteral.Write(Evaluation.Of(expression)));
    }

    /// <summary>The stored name of the property that an expression reads from the entity, or null if it reads none.</summary>
    private string? PropertyName(Expression expression)
    {
        switch (Unwrap(expression))
        {
            // The Value of a nullable property.
            case MemberExpression { Expression: { } inner, Member: { Name: "Value", DeclaringType: { IsGenericType: true } owner } }
                when owner.GetGenericTypeDefinition() == typeof(Nullable<>):
                return PropertyName(inner);
            case MemberExpression { Expression: { } target, Member: var member } when Unwrap(target) == _entity:
                return _rename(EntityModel.NameOf(member));
            case MethodCallExpression { Object: { } target, Arguments: [var key], Method: var method }
                when Unwrap(target) == _entity && ReadsProperty(method):
                return Evaluation.Of(key) as string;
            default:
                return null;
        }
    }

    // entity["Name"] and entity.GetString("Name") and its like.
    private static bool ReadsProperty(MethodInfo method) =>
        method.Name == "get_Item"
        || method.DeclaringType == typeof(TableEntity) && method.Name.StartsWith("Get", StringComparison.Ordinal);

    private static Expression Unwrap(Expression expression)
    {
        while (expression is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked or ExpressionType.TypeAs } conversion)
        {
            var from = Nullable.GetUnderlyingType(conversion.Operand.Type) ?? conversion.Operand.Type;
            if (from.IsEnum)
            {
                // The compiler compares enums as numbers, but they are stored by name.
                throw new NotSupportedException($"A filter cannot compare the enum in '{conversion.Operand}'; compare its name as a string.");
            }

            expression = conversion.Operand;
        }

        return expression;
    }

    private static NotSupportedException Unsupported(Expression expression) =>
        new($"The expression '{expression}' is not supported in a table filter.");
}
