using System.Collections.Concurrent;
using System.Threading.Channels;
using FunctionsBroker.ClaudeCode.Hooks;
using FunctionsBroker.ClaudeCode.Turns;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>Collects what the process reports while a turn runs; the turn itself takes it from here.</summary>
internal sealed class ActiveChannel(ChannelMark mark, ITurnObserver observer, ILogger logger) : IAsyncDisposable
{
    private readonly Channel<ChannelNews> _events = Channel.CreateUnbounded<ChannelNews>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentQueue<string> _replies = new();
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ChannelMark Mark { get; } = mark;

    /// <summary>What happened, in the order in which it was told.</summary>
    public ChannelReader<ChannelNews> Events => _events.Reader;

    /// <summary>What the CLI asks in the turn.</summary>
    public ChannelQuestions Questions { get; } = new(observer, logger);

    /// <summary>Ends when the CLI has told that it has taken the prompt.</summary>
    public Task Arrived => _arrived.Task;

    /// <summary>What was replied by the tool; null for nothing.</summary>
    public string? Replied => _replies.IsEmpty ? null : string.Join("\n\n", _replies);

    public void Reply(string text)
    {
        Arrive();
        _replies.Enqueue(text);
        Tell(new ChannelNews.Replied(text));
    }

    public void Tell(ChannelNews happened) => _events.Writer.TryWrite(happened);

    /// <summary>There was another sign of arrival.</summary>
    public void Arrive() => _arrived.TrySetResult();

    /// <summary>The turn has ended: nothing is asked any more.</summary>
    public ValueTask DisposeAsync() => Questions.DisposeAsync();

    public void Tell(HookEvent told)
    {
        switch (told)
        {
            case HookEvent.PromptSubmitted(var prompt):
                var isMine = Mark.IsIn(prompt);
                if (isMine)
                {
                    Arrive();
                }

                Tell(new ChannelNews.Submitted(told.PromptId, isMine));
                break;
            case HookEvent.Stopped(var message):
                Tell(new ChannelNews.Stopped(told.PromptId, message));
                break;
            case HookEvent.StopFailed(var error, var message):
                Tell(new ChannelNews.StopFailed(told.PromptId, error, message));
                break;
        }
    }
}
