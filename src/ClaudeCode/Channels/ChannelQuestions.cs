using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsBroker.ClaudeCode.Turns;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>The permissions that an interactive CLI waits for in one turn.</summary>
/// <remarks>
/// The CLI asks by a hook, which has the tool's whole input, and over a registered channel as well; whoever answers first
/// decides. Both are one question to the turn's observer. Safe for concurrent use.
/// </remarks>
internal sealed partial class ChannelQuestions(ITurnObserver observer, ILogger logger) : IAsyncDisposable
{
    private const int MaxOpen = 32;
    private static readonly Task<PermissionDecision> s_refused = Task.FromResult<PermissionDecision>(new PermissionDecision.Deny("Too much is asked at once."));

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly List<Question> _open = [];
    private int _count;
    private bool _closed;

    /// <summary>Whether the turn stands still until somebody decides.</summary>
    public bool Any
    {
        get
        {
            lock (_lock)
            {
                return _open.Exists(question => !question.Decision.IsCompleted);
            }
        }
    }

    /// <summary>The hook asks.</summary>
    public Task<PermissionDecision> AskAsync(string toolName, JsonElement input) =>
        AskAsync(toolName, byHook: true, id => new PermissionQuestion(id, toolName, input, null, null));

    /// <summary>The channel asks.</summary>
    public Task<PermissionDecision> AskAsync(ChannelPermission asked) =>
        AskAsync(asked.ToolName, byHook: false, _ => new PermissionQuestion(asked.RequestId, asked.ToolName, ToObject(asked.InputPreview), asked.Description, null));

    /// <summary>The turn has ended: nothing is asked any more.</summary>
    public async ValueTask DisposeAsync()
    {
        List<Task> deciding;
        lock (_lock)
        {
            deciding = [.. _open.Select(question => question.Decision)];
            _closed = true;
        }

        await _closing.CancelAsync();
        await Task.WhenAll(deciding);
        _closing.Dispose();
    }

    private Task<PermissionDecision> AskAsync(string toolName, bool byHook, Func<string, PermissionQuestion> describe)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return s_refused;
            }

            if (_open.Find(question => question.Tool == toolName && !question.HasBeenPut(byHook)) is { } same)
            {
                same.Put(byHook);
                return same.Decision;
            }

            _open.RemoveAll(question => question.Decision.IsCompleted && question.IsPutByBoth);
            if (_open.Count >= MaxOpen)
            {
                return s_refused;
            }

            var asked = describe($"hook-{++_count}");
            var opened = new Question(toolName, byHook, Task.Run(() => DecideAsync(asked)));
            _open.Add(opened);
            return opened.Decision;
        }
    }

    private async Task<PermissionDecision> DecideAsync(PermissionQuestion question)
    {
        try
        {
            return await observer.DecideAsync(question, _closing.Token);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            return new PermissionDecision.Deny("The turn has ended.");
        }
        catch (Exception exception)
        {
            LogUndecided(logger, exception, question.ToolName);
            return new PermissionDecision.Deny("The broker could not ask anybody.");
        }
    }

    // The preview may be cut in the middle, and then is no JSON any more.
    private static JsonElement ToObject(string? preview)
    {
        try
        {
            if (preview is not null && JsonElement.Parse(preview) is { ValueKind: JsonValueKind.Object } whole)
            {
                return whole;
            }
        }
        catch (JsonException)
        {
            // Told as the text that it is.
        }

        return JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["preview"] = preview ?? string.Empty }, PreviewJsonContext.Default.DictionaryStringString);
    }

    private sealed class Question(string tool, bool byHook, Task<PermissionDecision> decision)
    {
        private bool _byHook = byHook;
        private bool _byChannel = !byHook;

        public string Tool { get; } = tool;

        public Task<PermissionDecision> Decision { get; } = decision;

        public bool IsPutByBoth => _byHook && _byChannel;

        public bool HasBeenPut(bool byHook) => byHook ? _byHook : _byChannel;

        public void Put(bool byHook)
        {
            _byHook |= byHook;
            _byChannel |= !byHook;
        }
    }

    [LoggerMessage(EventIds.Undecided, LogLevel.Error, "Whether tool '{Tool}' may run could not be decided; it may not")]
    private static partial void LogUndecided(ILogger logger, Exception exception, string tool);
}

[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class PreviewJsonContext : JsonSerializerContext;
