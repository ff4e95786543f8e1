namespace FunctionsBroker.TestKit.Running;

/// <summary>The scripted stand-in for <c>claude</c>, for test projects that refer to <c>tests/FakeCli</c>.</summary>
public static class FakeCliBinary
{
    /// <summary>Writes a script that becomes the fake; a child with little in its environment finds <c>dotnet</c> by its <c>PATH</c>.</summary>
    /// <returns>The script's path.</returns>
    public static string Create(TempDirectory folder)
    {
        ArgumentNullException.ThrowIfNull(folder);

        var path = folder.Combine("fake-claude");
        var program = Path.Combine(AppContext.BaseDirectory, "FunctionsBroker.FakeCli.dll");
        ExecutableScript.Write(path, $"#!/bin/sh\nexec dotnet '{program}' \"$@\"\n");
        return path;
    }
}
