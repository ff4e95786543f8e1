namespace FunctionsBroker.CrashApp;

/// <summary>Ends this process when its parent has: the other end of its standard input closes then.</summary>
internal sealed class ParentWatch : IDisposable
{
    private readonly Stream _input = Console.OpenStandardInput();
    private readonly Thread _thread;

    public ParentWatch()
    {
        _thread = new Thread(Watch) { IsBackground = true };
        _thread.Start();
    }

    public void Dispose() => _input.Dispose();

    private void Watch()
    {
        if (_input.ReadByte() < 0)
        {
            Suicide.Commit();
        }
    }
}
