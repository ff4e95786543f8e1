using System.Linq.Expressions;

namespace FunctionsBroker.Local.Storage.Tables.Filters;

/// <summary>Finds out whether an expression needs the entity, or can be evaluated before anything is asked.</summary>
internal sealed class DependsOnEntity : ExpressionVisitor
{
    private readonly ParameterExpression _entity;
    private bool _found;

    private DependsOnEntity(ParameterExpression entity) => _entity = entity;

    public static bool Check(Expression expression, ParameterExpression entity)
    {
        var visitor = new DependsOnEntity(entity);
        visitor.Visit(expression);
        return visitor._found;
    }

    protected override Expression VisitParameter(ParameterExpression node)
    {
        _found |= node == _entity;
        return node;
    }
}
