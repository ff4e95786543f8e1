using System.Text;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Attachments;

namespace FunctionsBroker.Sessions.Tests.Attachments;

public sealed class AttachmentRulesTests
{
    private static readonly AttachmentLimits s_limits = new(MaxCount: 20, MaxBytes: 20 * 1024 * 1024);

    public static TheoryData<string, byte[], AttachmentKind> Sound => new()
    {
        { "image/png", [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 1], AttachmentKind.Image },
        { "image/jpeg", [0xFF, 0xD8, 0xFF, 0xE0], AttachmentKind.Image },
        { "IMAGE/JPEG; q=1", [0xFF, 0xD8, 0xFF, 0xE0], AttachmentKind.Image },
        { "image/gif", "GIF89a..."u8.ToArray(), AttachmentKind.Image },
        { "image/webp", "RIFF....WEBPVP8 "u8.ToArray(), AttachmentKind.Image },
        { "application/pdf", "%PDF-1.7\n\0"u8.ToArray(), AttachmentKind.Pdf },
        { "text/plain; charset=utf-8", "hello 🐳"u8.ToArray(), AttachmentKind.Text },
        { "text/csv", "1,2"u8.ToArray(), AttachmentKind.Text },
        { "application/json", "{}"u8.ToArray(), AttachmentKind.Text },
    };

    public static TheoryData<string, byte[]> Unsound => new()
    {
        { "image/png", [0xFF, 0xD8, 0xFF, 0xE0] },
        { "image/jpeg", "%PDF-1.7"u8.ToArray() },
        { "image/gif", "GIF88a"u8.ToArray() },
        { "image/webp", "RIFF....WAVE"u8.ToArray() },
        { "image/webp", "RIFF"u8.ToArray() },
        { "application/pdf", "<html>"u8.ToArray() },
        { "text/plain", [0xFF, 0xFE, 0x41] },
        { "text/plain", "nul \0"u8.ToArray() },
        { "text/plain", [] },
        { "image/svg+xml", "<svg/>"u8.ToArray() },
        { "application/zip", "PK"u8.ToArray() },
        { "", "x"u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(Sound))]
    public void Check_ContentOfTheDeclaredType_IsTaken(string mediaType, byte[] content, AttachmentKind kind)
    {
        Assert.Null(AttachmentRules.Check([File(mediaType, content)], s_limits, out var taken));

        var attachment = Assert.Single(taken);
        Assert.Equal(kind, attachment.Kind);
        Assert.Equal(content.Length, attachment.Bytes);
        Assert.Equal(
            kind == AttachmentKind.Text ? Encoding.UTF8.GetString(content) : Convert.ToBase64String(content),
            attachment.Content);
    }

    [Theory]
    [MemberData(nameof(Unsound))]
    public void Check_OtherContent_IsAProblemThatNamesTheFile(string mediaType, byte[] content)
    {
        var problem = AttachmentRules.Check([File("text/plain", "fine"u8.ToArray()), File(mediaType, content, "bad.file")], s_limits, out _);

        Assert.Equal(ProblemCodes.AttachmentRejected, problem?.Code);
        Assert.Contains("'bad.file'", problem?.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image/png", AttachmentLimits.MaxImageBytes)]
    [InlineData("text/plain", AttachmentLimits.MaxTextBytes)]
    [InlineData("application/pdf", 20 * 1024 * 1024)]
    public void Check_Size_IsLimitedByKind(string mediaType, int limit)
    {
        Assert.Null(AttachmentRules.Check([File(mediaType, Filled(mediaType, limit))], s_limits, out _));

        var problem = AttachmentRules.Check([File(mediaType, Filled(mediaType, limit + 1))], s_limits, out _);
        Assert.Contains($"{limit} bytes", problem?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_TooManyOrTooMuchInAll_IsAProblem()
    {
        var many = Enumerable.Range(0, 21).Select(number => File("text/plain", "x"u8.ToArray(), $"{number}.txt")).ToList();
        var large = Enumerable.Range(0, 3).Select(number => File("application/pdf", Filled("application/pdf", 7 * 1024 * 1024), $"{number}.pdf")).ToList();

        Assert.Contains("'20.txt'", AttachmentRules.Check(many, s_limits, out _)?.Detail, StringComparison.Ordinal);
        Assert.Contains("'2.pdf'", AttachmentRules.Check(large, s_limits, out _)?.Detail, StringComparison.Ordinal);
        Assert.Null(AttachmentRules.Check(many[..20], s_limits, out _));
    }

    [Fact]
    public void Check_Base64_IsTakenWithLineBreaksAndRefusedWhenItIsNone()
    {
        var file = File("application/pdf", "%PDF-1.7"u8.ToArray());

        Assert.Null(AttachmentRules.Check([file with { Data = file.Data.Insert(4, "\r\n") }], s_limits, out var taken));
        Assert.Equal(file.Data, taken[0].Content);
        Assert.NotNull(AttachmentRules.Check([file with { Data = "%PDF-1.7" }], s_limits, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    public void Check_UnusableName_IsAProblem(string name)
    {
        Assert.NotNull(AttachmentRules.Check([File("text/plain", "x"u8.ToArray(), name)], s_limits, out _));
        Assert.NotNull(AttachmentRules.Check([File("text/plain", "x"u8.ToArray(), new string('n', 256))], s_limits, out _));
    }

    [Fact]
    public void Check_TextWithByteOrderMark_LosesTheMark()
    {
        AttachmentRules.Check([File("text/plain", [.. Encoding.UTF8.Preamble, .. "x"u8])], s_limits, out var taken);

        Assert.Equal("x", taken[0].Content);
    }

    private static Attachment File(string mediaType, byte[] content, string name = "a.file") =>
        new() { Name = name, MediaType = mediaType, Data = Convert.ToBase64String(content) };

    private static byte[] Filled(string mediaType, int length)
    {
        var content = new byte[length];
        Array.Fill(content, (byte)'a');
        byte[] magic = mediaType switch
        {
            "image/png" => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A],
            "application/pdf" => "%PDF-"u8.ToArray(),
            _ => [],
        };
        magic.CopyTo(content, 0);
        return content;
    }
}
