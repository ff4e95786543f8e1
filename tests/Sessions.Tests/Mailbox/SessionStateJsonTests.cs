using System.Text.Json;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;

namespace FunctionsBroker.Sessions.Tests.Mailbox;

public sealed class SessionStateJsonTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    // The options of the durable SDK's own converter.
    private static readonly JsonSerializerOptions s_durable = new() { IncludeFields = true };

    [Fact]
    public void Json_RoundTrip_KeepsEverything()
    {
        var state = new SessionState
        {
            Running = new TurnTicket(TurnId.Parse("a")) { OnBusy = OnBusy.Interrupt, ExpiresAt = s_noon },
            Waiting = [new TurnTicket(TurnId.Parse("b")), new TurnTicket(TurnId.Parse("c"))],
            Placement = new Placement("host-1", 7) { HostStartedAt = s_noon },
            Recent = [TurnId.Parse("x")],
        };

        var read = JsonSerializer.Deserialize<SessionState>(JsonSerializer.Serialize(state, s_durable), s_durable);

        Assert.NotNull(read);
        Assert.Equal(state.Running, read.Running);
        Assert.Equal(state.Waiting, read.Waiting);
        Assert.Equal(state.Placement, read.Placement);
        Assert.Equal(state.Recent, read.Recent);
        Assert.Equal(SessionState.CurrentSchemaVersion, read.SchemaVersion);
    }
}
