using FunctionsBroker.Local.Durable.Messages;
using FunctionsBroker.Local.Durable.Tests.Harness;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Local.Durable.Tests.Orchestrations;

public sealed class EventReplayTests
{
    [Fact]
    public void Events_RaisedBeforeTheWait_AreKeptInOrder()
    {
        Replay replay = new(async context =>
            await context.WaitForExternalEvent<string>("E") + await context.WaitForExternalEvent<string>("E"));
        replay.Raise("E", "\"1\"");
        replay.Raise("E", "\"2\"");

        replay.Run();

        Assert.Equal("\"12\"", replay.State.Output);
    }

    [Fact]
    public void EventName_IsComparedWithoutCase()
    {
        Replay replay = new(async context => await context.WaitForExternalEvent<string>("Reply"));
        replay.Run();
        replay.Raise("rEPLY", "\"x\"");

        Assert.Equal(OrchestrationRuntimeStatus.Completed, replay.Run());
    }

    [Fact]
    public void Event_OfAnotherName_IsLeftForWhoeverWaitsForItLater()
    {
        Replay replay = new(async context =>
            await context.WaitForExternalEvent<string>("A") + await context.WaitForExternalEvent<string>("B"));
        replay.Run();
        replay.Raise("B", "\"b\"");
        replay.Run();
        replay.Raise("A", "\"a\"");
        replay.Run();

        Assert.Equal("\"ab\"", replay.State.Output);
    }

    [Fact]
    public void Wait_BegunLast_GetsTheEvent()
    {
        Replay replay = new(async context =>
        {
            Task<string> first = context.WaitForExternalEvent<string>("E");
            Task<string> second = context.WaitForExternalEvent<string>("E");
            return await Task.WhenAny(first, second) == second ? "second" : "first";
        });
        replay.Run();
        replay.Raise("E", "\"x\"");
        replay.Run();

        Assert.Equal("\"second\"", replay.State.Output);
    }

    [Fact]
    public void Waits_OfDifferentTypesForOneName_AreRefused()
    {
        Replay replay = new(async context =>
        {
            _ = context.WaitForExternalEvent<string>("E");
            return await context.WaitForExternalEvent<int>("E");
        });

        Assert.Equal(OrchestrationRuntimeStatus.Failed, replay.Run());
        Assert.Equal("System.ArgumentException", replay.State.Failure?.ErrorType);
    }

    [Fact]
    public void WaitWithTimeout_ThatExpires_ThrowsTaskCanceled()
    {
        Replay replay = new(async context =>
        {
            try
            {
                return await context.WaitForExternalEvent<string>("E", TimeSpan.FromMinutes(1));
            }
            catch (TaskCanceledException)
            {
                return "late";
            }
        });
        replay.Run();
        replay.Now += TimeSpan.FromMinutes(1);
        replay.Run((0, null));

        Assert.Equal("\"late\"", replay.State.Output);
    }

    [Fact]
    public void WaitWithTimeout_ThatIsAnswered_EndsWithoutTheTimer()
    {
        Replay replay = new(async context => await context.WaitForExternalEvent<string>("E", TimeSpan.FromMinutes(1)));
        replay.Run();
        replay.Raise("E", "\"in time\"");
        replay.Run();

        Assert.Equal("\"in time\"", replay.State.Output);
    }

    // A hazard of the published worker (its waits are a stack and cancelled ones stay on it), kept so that it shows here.
    [Fact]
    public void Event_AfterAnExpiredWait_WithNoNewWait_IsLost()
    {
        Replay replay = new(async context =>
        {
            try
            {
                await context.WaitForExternalEvent<string>("E", TimeSpan.FromMinutes(1));
            }
            catch (TaskCanceledException)
            {
                await context.CallActivityAsync("A");
            }

            return await context.WaitForExternalEvent<string>("E");
        });
        replay.Run();
        replay.Run((0, null));
        replay.Raise("E", "\"lost\"");
        replay.Run();
        replay.Run((1, null));
        Assert.Equal(OrchestrationRuntimeStatus.Running, replay.State.Status);

        replay.Raise("E", "\"found\"");
        replay.Run();
        Assert.Equal("\"found\"", replay.State.Output);
    }

    [Fact]
    public void Event_WithAPayloadThatDoesNotFit_ThrowsAtTheWait()
    {
        Replay replay = new(async context =>
        {
            try
            {
                return await context.WaitForExternalEvent<int>("E");
            }
            catch (System.Text.Json.JsonException)
            {
                return "unreadable";
            }
        });
        replay.Run();
        replay.Raise("E", "\"text\"");
        replay.Run();

        Assert.Equal("\"unreadable\"", replay.State.Output);
    }

    [Fact]
    public void SendEvent_GoesToTheOtherInstance_Once()
    {
        Replay replay = new(async context =>
        {
            context.SendEvent("other", "E", 1);
            await context.CallActivityAsync("A");
            return null;
        });
        replay.Run();
        replay.Run((1, null));

        Assert.Equal([new Message.EventSubmitted("other", "E", "1")], replay.Sent);
    }

    [Fact]
    public void ContinueAsNew_StartsAgainWithTheNewInput_AndKeepsUnclaimedEvents()
    {
        Replay replay = new(async context =>
        {
            if (context.GetInput<string>() == "input")
            {
                await context.WaitForExternalEvent<string>("go");
                context.ContinueAsNew("again");
                return "not an output";
            }

            return context.GetInput<string>() + await context.WaitForExternalEvent<string>("kept");
        });
        replay.Raise("kept", "\" kept\"");
        replay.Raise("go");
        replay.Run();
        string second = replay.State.Start.Execution;
        Assert.Equal(OrchestrationRuntimeStatus.Running, replay.State.Status);
        Assert.Empty(replay.State.History);
        replay.Run();

        Assert.Equal("\"again kept\"", replay.State.Output);
        Assert.Equal(second, replay.State.Start.Execution);
    }

    [Fact]
    public void ContinueAsNew_WithoutPreserving_DropsUnclaimedEvents()
    {
        Replay replay = new(async context =>
        {
            if (context.GetInput<string>() == "input")
            {
                context.ContinueAsNew("again", preserveUnprocessedEvents: false);
                return null;
            }

            return await context.WaitForExternalEvent<string>("E");
        });
        replay.Raise("E", "\"x\"");
        replay.Run();
        replay.Run();

        Assert.Equal(OrchestrationRuntimeStatus.Running, replay.State.Status);
    }

    [Fact]
    public void Suspended_HoldsEventsBack_UntilResumed()
    {
        Replay replay = new(async context => await context.WaitForExternalEvent<string>("E"));
        replay.Run();
        replay.Send(new Message.SuspensionRequested(Replay.Id, "why"));
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, replay.Run());
        replay.Raise("E", "\"x\"");
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, replay.Run());
        replay.Send(new Message.ResumptionRequested(Replay.Id, null));

        Assert.Equal(OrchestrationRuntimeStatus.Completed, replay.Run());
    }

    [Fact]
    public void Terminated_EndsWithTheGivenOutput_WithoutRunningTheCode()
    {
        int runs = 0;
        Replay replay = new(async context =>
        {
            runs++;
            return await context.WaitForExternalEvent<string>("E");
        });
        replay.Run();
        replay.Send(new Message.TerminationRequested(Replay.Id, "\"why\"", Recursive: false));

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, replay.Run());
        Assert.Equal("\"why\"", replay.State.Output);
        Assert.Equal(1, runs);
    }

    [Fact]
    public void Terminated_Recursively_TerminatesRunningChildren()
    {
        Replay replay = new(async context =>
        {
            await Task.WhenAll(
                context.CallSubOrchestratorAsync("Child", options: new Microsoft.DurableTask.TaskOptions().WithInstanceId("ended")),
                context.CallSubOrchestratorAsync("Child", options: new Microsoft.DurableTask.TaskOptions().WithInstanceId("running")));
            return null;
        });
        replay.Run();
        replay.Run((0, null));
        replay.Send(new Message.TerminationRequested(Replay.Id, null, Recursive: true));
        replay.Run();

        Assert.Equal(["running"], replay.Sent.OfType<Message.TerminationRequested>().Select(message => message.To));
    }
}
