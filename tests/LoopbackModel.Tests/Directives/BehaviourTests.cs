using FunctionsBroker.LoopbackModel.Directives;

namespace FunctionsBroker.LoopbackModel.Tests.Directives;

public sealed class BehaviourTests
{
    [Fact]
    public void Next_OwnDirectiveUsedUp_LeavesTheDefaults()
    {
        var behaviour = new Behaviour(DirectiveParser.Parse("chunk=7"));
        var own = DirectiveParser.Parse("delay=1ms status=500 times=1");

        var first = behaviour.Next("prompt", own);
        var second = behaviour.Next("prompt", own);

        Assert.Equal((500, 7, 1), (first.Directive.Status, first.Directive.Chunk, first.Attempt));
        Assert.Equal((DirectiveParser.Parse("chunk=7"), 2), second);
    }

    [Fact]
    public void Next_DefaultFault_BefallsTheFirstRequestsOfAnyPrompt()
    {
        var behaviour = new Behaviour(DirectiveParser.Parse("status=500 times=2"));

        var statuses = Enumerable.Range(0, 3).Select(index => behaviour.Next($"prompt {index}", Directive.None).Directive.Status);

        Assert.Equal([500, 500, null], statuses);
    }

    [Fact]
    public void Reset_CountedAttempts_StartAnew()
    {
        var behaviour = new Behaviour(Directive.None);
        behaviour.Next("prompt", Directive.None);

        behaviour.Reset();

        Assert.Equal(1, behaviour.Next("prompt", Directive.None).Attempt);
    }
}
