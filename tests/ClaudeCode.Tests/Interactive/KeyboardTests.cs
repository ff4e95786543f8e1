using System.Collections.Concurrent;
using System.Text;
using FunctionsBroker.ClaudeCode.Interactive;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.Interactive;

public sealed class KeyboardTests
{
    private const string Clear = "\u0015";
    private const string Paste = "\u001b[200~two words\u001b[201~";
    private const string Enter = "\r";

    private readonly ConcurrentQueue<string> _typed = [];
    private readonly TaskCompletionSource _submitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _asks;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task TypeAsync_EnterThatIsLost_IsPressedAgainUntilThePromptIsTaken()
    {
        var typing = Keyboard().TypeAsync("two words", _submitted.Task, TestContext.Current.CancellationToken);
        await Eventually.BecomesTrueAsync(() => _typed.Count(key => key == Enter) >= 3, TestContext.Current.CancellationToken);
        _submitted.SetResult();
        await typing;

        Assert.Equal([Clear, Paste, Enter], _typed.Take(3));
        Assert.All(_typed.Skip(2), key => Assert.Equal(Enter, key));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task TypeAsync_ScreenThatAsksFirst_GetsNothing()
    {
        _asks = true;
        using var giveUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(600), TimeProvider.System);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Keyboard().TypeAsync("two words", _submitted.Task, giveUp.Token));

        Assert.Empty(_typed);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task TypeAsync_ScreenThatAsksAfterThePaste_IsNotAnsweredByEnter()
    {
        using var giveUp = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
        var keyboard = new Keyboard(
            (keys, _) =>
            {
                Record(keys);
                _asks = _typed.Contains(Enter);
                return Task.CompletedTask;
            },
            () => !_asks,
            TimeProvider.System);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keyboard.TypeAsync("two words", _submitted.Task, giveUp.Token));

        Assert.Equal([Clear, Paste, Enter], _typed);
    }

    [Fact]
    public async Task EscapeAsync_Pressed_IsOneKey()
    {
        await Keyboard().EscapeAsync(TestContext.Current.CancellationToken);

        Assert.Equal("\u001b", Assert.Single(_typed));
    }

    private Keyboard Keyboard() => new(
        (keys, _) =>
        {
            Record(keys);
            return Task.CompletedTask;
        },
        () => !_asks,
        TimeProvider.System);

    private void Record(ReadOnlyMemory<byte> keys) => _typed.Enqueue(Encoding.UTF8.GetString(keys.Span));
}
