using System.Text.Json;
using FunctionsBroker.ClaudeCode.Hooks;
using FunctionsBroker.ClaudeCode.Turns;

namespace FunctionsBroker.ClaudeCode.Tests.Hooks;

public sealed class HookRoutesTests
{
    private readonly HookRoutes _routes = new();
    private readonly List<HookEvent> _told = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deliver_WithTheSecret_ReachesTheRoutesOwnerByEachOfItsNames()
    {
        using var route = Open("route-1", "chat-1");

        Assert.IsType<HookDelivery.Accepted>(await DeliverAsync("route-1", route.Secret));
        Assert.IsType<HookDelivery.Accepted>(await DeliverAsync("chat-1", route.Secret));

        Assert.Equal([new HookEvent.Stopped("x"), new HookEvent.Stopped("x")], _told);
    }

    [Fact]
    public async Task Deliver_WithoutItsOwnSecret_IsRefusedLikeAnUnknownRoute()
    {
        using var route = Open("route-1");
        using var other = Open("route-2");

        foreach (var secret in (string?[])[null, "", "x", other.Secret, route.Secret.ToUpperInvariant(), route.Secret + "0"])
        {
            Assert.IsType<HookDelivery.Refused>(await DeliverAsync("route-1", secret));
        }

        Assert.IsType<HookDelivery.Refused>(await DeliverAsync("route-3", route.Secret));
        Assert.Empty(_told);
    }

    [Fact]
    public async Task Deliver_AfterTheRouteWasClosed_IsRefusedAndALaterRouteOfTheNameStays()
    {
        var former = Open("route-1");
        using var route = Open("route-1");
        former.Dispose();

        Assert.IsType<HookDelivery.Refused>(await DeliverAsync("route-1", former.Secret));
        Assert.IsType<HookDelivery.Accepted>(await DeliverAsync("route-1", route.Secret));
        route.Dispose();
        Assert.IsType<HookDelivery.Refused>(await DeliverAsync("route-1", route.Secret));
    }

    [Fact]
    public async Task Deliver_BodyThatIsNoPayload_IsUnreadableAndToldToNobody()
    {
        using var route = Open("route-1");

        Assert.IsType<HookDelivery.Unreadable>(await _routes.DeliverAsync("route-1", route.Secret, "Stop", "["u8.ToArray(), Cancellation));
        Assert.Empty(_told);
    }

    [Fact]
    public void Open_EachTime_HasASecretOfItsOwn()
    {
        using var one = Open("a");
        using var other = Open("b");

        Assert.NotEqual(one.Secret, other.Secret);
        Assert.Equal(64, one.Secret.Length);
    }

    [Fact]
    public void Answer_OfADecision_IsWhatTheCliActsOn()
    {
        var denied = HookAnswer.Of(new PermissionDecision.Deny("not \"today\"", Interrupt: true));
        var allowed = HookAnswer.Of(new PermissionDecision.Allow(JsonElement.Parse("""{"a":1}""")));

        Assert.Equal("""{"hookSpecificOutput":{"hookEventName":"PermissionRequest","decision":{"behavior":"allow","updatedInput":{"a":1}}}}""", allowed.Json);
        var decision = JsonElement.Parse(denied.Json).GetProperty("hookSpecificOutput").GetProperty("decision");
        Assert.Equal(("deny", "not \"today\"", true), (decision.GetProperty("behavior").GetString(), decision.GetProperty("message").GetString(), decision.GetProperty("interrupt").GetBoolean()));
    }

    private HookRoute Open(params string[] names) => _routes.Open(names, (told, _) =>
    {
        _told.Add(told);
        return Task.FromResult(HookAnswer.None);
    });

    private Task<HookDelivery> DeliverAsync(string name, string? secret) =>
        _routes.DeliverAsync(name, secret, "complete", """{"last_assistant_message":"x"}"""u8.ToArray(), Cancellation);
}
