using System.Text.RegularExpressions;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.Sessions.Attachments;
using Microsoft.Win32.SafeHandles;

namespace FunctionsBroker.ClaudeCode.Turns;

/// <summary>Reads the files of a session's working folder that a prompt mentions, <c>@path</c> or <c>@"path"</c>.</summary>
/// <remarks>
/// In place of the CLI, which reads any file of the machine that is mentioned. What is in the folder is the work of a session's tools and may
/// change while it is read, links included: so a file is opened first, and where it then is, the kernel tells.
/// </remarks>
public static partial class MentionedFiles
{
    private const int MostFiles = 20;
    private const int MostBytes = 256 * 1024;
    private const string PlainText = "text/plain";

    /// <returns>The files that are there, are text of 256 KiB at most, and are in the folder; 20 at most, each once.</returns>
    public static IReadOnlyList<CheckedAttachment> Read(string folder, string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);

        if (!prompt.Contains('@', StringComparison.Ordinal) || RealPath(folder) is not { } root)
        {
            return [];
        }

        return
        [
            .. Mention().Matches(prompt)
                .Select(match => match.Groups["quoted"] is { Success: true, Value: var quoted } ? quoted : match.Groups["plain"].Value.TrimEnd('.', ',', ';', ':', '!', '?', ')'))
                .Distinct(StringComparer.Ordinal)
                .Take(MostFiles)
                .Select(name => ReadFile(root, name))
                .OfType<CheckedAttachment>(),
        ];
    }

    private static CheckedAttachment? ReadFile(string root, string name)
    {
        var handle = FileDescriptor.Open(Path.Combine(root, name), FileDescriptor.NonBlocking | FileDescriptor.CloseOnExec);
        if (handle.IsInvalid || !PathOf(handle).StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            handle.Dispose();
            return null;
        }

        try
        {
            using var file = new FileStream(handle, FileAccess.Read, bufferSize: 0);
            if (!file.CanSeek || file.Length > MostBytes)
            {
                return null;
            }

            var content = new byte[file.Length];
            var length = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            var text = content.AsSpan(0, length);
            return AttachmentContent.Is(PlainText, text)
                ? new CheckedAttachment(AttachmentKind.Text, name, PlainText, AttachmentContent.ReadText(text), length)
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A folder, or gone.
            return null;
        }
    }

    private static string? RealPath(string folder)
    {
        using var handle = FileDescriptor.Open(folder, FileDescriptor.CloseOnExec);
        return handle.IsInvalid ? null : PathOf(handle);
    }

    private static string PathOf(SafeFileHandle handle) =>
        File.ResolveLinkTarget(FileDescriptor.LinkTo(handle), returnFinalTarget: false)?.FullName ?? string.Empty;

    // As the CLI finds them: at the beginning or behind a blank.
    [GeneratedRegex("""(?<!\S)@(?:"(?<quoted>[^"\r\n\0]+)"|(?<plain>[^\s"\0]+))""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Mention();
}
