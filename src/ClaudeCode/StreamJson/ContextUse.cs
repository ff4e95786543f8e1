using FunctionsBroker.ClaudeCode.Protocol;

namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>How much of the model's context window a conversation takes up, as its last call to the model has shown.</summary>
/// <remarks>Fed by the process's only reader; read between turns.</remarks>
internal sealed class ContextUse
{
    /// <summary>What has to be added to a shortened conversation before it is worth while to shorten it again.</summary>
    private const double WorthWhile = 0.1;

    private readonly Lock _lock = new();
    private long _tokens;
    private long _window;
    private long _tokensAfterShortening;
    private bool _shortened;

    /// <summary>0 to 1; 0 while nothing is known.</summary>
    public double Share
    {
        get
        {
            lock (_lock)
            {
                return _window > 0 ? (double)_tokens / _window : 0;
            }
        }
    }

    public void Accept(CliMessage message)
    {
        lock (_lock)
        {
            switch (message)
            {
                case CliMessage.Assistant { ContextTokens: > 0 and var tokens }:
                    _tokens = tokens;
                    _tokensAfterShortening = _shortened ? tokens : _tokensAfterShortening;
                    _shortened = false;
                    break;
                case CliMessage.Result { ContextWindow: > 0 and var window }:
                    _window = window;
                    break;
            }
        }
    }

    /// <summary>Whether the conversation is over the threshold, and has grown since it was shortened last.</summary>
    /// <remarks>A summary can be long itself: without the second condition every turn would be preceded by another one.</remarks>
    public bool IsOver(double threshold)
    {
        lock (_lock)
        {
            return _window > 0 && _tokens >= threshold * _window && _tokens - _tokensAfterShortening >= (_tokensAfterShortening > 0 ? WorthWhile * _window : 0);
        }
    }

    /// <summary>The conversation has been made short; how short, its next call shows.</summary>
    public void Shortened()
    {
        lock (_lock)
        {
            _tokens = 0;
            _shortened = true;
        }
    }
}
