using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.SessionHost.Lifetime;
using FunctionsBroker.SessionHost.Options;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.SessionHost.Tests.Lifetime;

public sealed class IsolationCheckTests
{
    private readonly ListLogger _logger = new();

    [Fact]
    public async Task Start_ProfilesWithAndWithoutTools_WarnsOfThoseThatNothingHolds()
    {
        var options = new SessionHostOptions();
        options.Profiles["chat"] = new ProfileOptions();
        options.Profiles["shell"] = new ProfileOptions { Tools = "Bash" };

        await new IsolationCheck(options, _logger).StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                (LogLevel.Information, "chat", "no tools"),
                (LogLevel.Warning, "shell", ProfileReach.Of(new ClaudeProfile { Tools = "Bash" }, hasUsers: false).Text),
            ],
            _logger.Lines.Order());
    }

    /// <summary>Keeps what is logged of profiles: the level, and both values.</summary>
    private sealed class ListLogger : ILogger<IsolationCheck>
    {
        public List<(LogLevel Level, string? Profile, string? Reach)> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = Assert.IsType<IReadOnlyList<KeyValuePair<string, object?>>>(state, exactMatch: false).ToDictionary();
            Lines.Add((logLevel, values["Profile"]?.ToString(), values["Reach"]?.ToString()));
        }
    }
}
