using System.Linq.Expressions;
using System.Reflection;

namespace FunctionsBroker.Local.Storage.Tables.Filters;

/// <summary>Evaluates expressions that need no entity.</summary>
internal static class Evaluation
{
    public static object? Of(Expression expression) => expression switch
    {
        ConstantExpression constant => constant.Value,

        // A captured variable, by far the most frequent: reading the field spares a compilation.
        MemberExpression { Member: FieldInfo field, Expression: var owner } => field.GetValue(owner is null ? null : Of(owner)),
        _ => Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)(),
    };
}
