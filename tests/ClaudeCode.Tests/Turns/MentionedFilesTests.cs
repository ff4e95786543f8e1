using System.Diagnostics;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.Turns;

public sealed class MentionedFilesTests : IDisposable
{
    private const string Secret = "SECRET";

    private readonly TempDirectory _temp = new();
    private readonly string _folder;

    public MentionedFilesTests()
    {
        _folder = Directory.CreateDirectory(_temp.Combine("work")).FullName;
        File.WriteAllText(_temp.Combine("secret.txt"), Secret);
        Directory.CreateDirectory(_temp.Combine("work-2"));
        File.WriteAllText(_temp.Combine("work-2", "secret.txt"), Secret);
        Write("notes.txt", "notes");
        Write("with blank.md", "blank");
        Write("a/b/ä.txt", "deep");
    }

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("see @notes.txt", "notes.txt")]
    [InlineData("@notes.txt, and @notes.txt!", "notes.txt")]
    [InlineData("(@notes.txt)", "")]
    [InlineData("mail me@notes.txt", "")]
    [InlineData("@\"with blank.md\" @a/b/ä.txt", "with blank.md a/b/ä.txt")]
    [InlineData("@./a/../notes.txt", "./a/../notes.txt")]
    [InlineData("@a", "")]
    [InlineData("@none @ @\"\" @notes.txt/x", "")]
    public void Read_FilesOfTheFolder_AreRead(string prompt, string expected)
    {
        Assert.Equal(expected, string.Join(' ', MentionedFiles.Read(_folder, prompt).Select(file => file.Name)));
    }

    [Fact]
    public void Read_File_IsTextAsItIs()
    {
        var file = Assert.Single(MentionedFiles.Read(_folder, "@a/b/ä.txt"));

        Assert.Equal(("deep", "text/plain", 4), (file.Content, file.MediaType, file.Bytes));
    }

    [Fact]
    public void Read_WhatIsNotInTheFolder_IsNotRead()
    {
        File.CreateSymbolicLink(Path.Combine(_folder, "link.txt"), _temp.Combine("secret.txt"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "out"), _temp.Path);
        File.CreateSymbolicLink(Path.Combine(_folder, "inside.txt"), Path.Combine(_folder, "notes.txt"));

        Assert.Empty(MentionedFiles.Read(_folder, $"@../secret.txt @{_temp.Combine("secret.txt")} @../work-2/secret.txt @link.txt @out/secret.txt @/etc/passwd @/dev/zero @~/x"));
        Assert.Equal("notes", Assert.Single(MentionedFiles.Read(_folder, "@inside.txt")).Content);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Read_WhatIsNoText_IsNotRead()
    {
        Write("large.txt", new string('x', (256 * 1024) + 1));
        Write("binary", "a\0b");
        using var made = Process.Start("mkfifo", [Path.Combine(_folder, "pipe")]);
        await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, made.ExitCode);

        Assert.Empty(MentionedFiles.Read(_folder, "@large.txt @binary @pipe"));
    }

    [Fact]
    public void Read_ManyMentions_ReadsTwenty()
    {
        foreach (var number in Enumerable.Range(0, 30))
        {
            Write($"{number}", "x");
        }

        Assert.Equal(20, MentionedFiles.Read(_folder, string.Join(' ', Enumerable.Range(0, 30).Select(number => $"@{number}"))).Count);
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
