using FunctionsBroker.Cli.Demo;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Cli.Tests.Demo;

public sealed class TurnChecksTests
{
    private static readonly TurnProcess s_first = new() { Pid = 10, StartedAt = DateTimeOffset.UnixEpoch, Turn = 1 };

    [Fact]
    public void Faults_WarmTurnAsItShouldBe_HasNone() => Assert.Empty(TurnChecks.Faults(Turn(), "[2] hi", s_first));

    [Fact]
    public void Faults_WrongReply_IsSaid() => Assert.Single(TurnChecks.Faults(Turn(), "[3] hi", s_first));

    [Fact]
    public void Faults_FailedTurn_IsSaid() =>
        Assert.Single(TurnChecks.Faults(Turn() with { Status = TurnStatus.Failed }, "[2] hi", s_first));

    [Fact]
    public void Faults_AnotherProcess_IsSaid() => Assert.Single(TurnChecks.Faults(Turn(pid: 11), "[2] hi", s_first));

    [Fact]
    public void Faults_ProcessBegunAnew_IsSaid() => Assert.Single(TurnChecks.Faults(Turn(processTurn: 1), "[2] hi", s_first));

    [Fact]
    public void Faults_NoProcessKnown_IsSaid() =>
        Assert.Single(TurnChecks.Faults(Turn() with { Attempts = [] }, "[2] hi", s_first));

    private static DemoTurn Turn(int pid = 10, int processTurn = 2) => new()
    {
        SessionId = "s",
        Number = 2,
        Way = DemoWay.Http,
        Prompt = "hi",
        Status = TurnStatus.Completed,
        Text = "[2] hi",
        Attempts =
        [
            new TurnAttempt
            {
                Number = 1,
                HostId = "host-1",
                Epoch = 1,
                StartedAt = DateTimeOffset.UnixEpoch,
                Process = s_first with { Pid = pid, Turn = processTurn },
            },
        ],
        Elapsed = TimeSpan.Zero,
    };
}
