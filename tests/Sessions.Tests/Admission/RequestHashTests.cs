using System.Security.Cryptography;
using System.Text.Json;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Attachments;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Tests.Admission;

public sealed class RequestHashTests
{
    private readonly TurnSubmission _submission = new()
    {
        SessionId = SessionId.Parse("s"),
        TurnId = TurnId.Parse("t"),
        Prompt = "ab",
        Profile = "c",
    };

    [Fact]
    public void Of_SameSubmission_IsTheSame()
    {
        Assert.Equal(RequestHash.Of(_submission), RequestHash.Of(_submission with { }));
    }

    [Fact]
    public void Of_AnyChangedPart_IsAnother()
    {
        string[] hashes =
        [
            RequestHash.Of(_submission),
            RequestHash.Of(_submission with { Prompt = "a", Profile = "bc" }),
            RequestHash.Of(_submission with { Profile = null }),
            RequestHash.Of(_submission with { Profile = string.Empty }),
            RequestHash.Of(_submission with { Profile = null, ReplyTo = "c" }),
            RequestHash.Of(_submission with { Metadata = JsonElement.Parse("1") }),
            RequestHash.Of(_submission with { OnBusy = OnBusy.Interrupt }),
            RequestHash.Of(_submission with { OnBusy = OnBusy.Reject }),
            RequestHash.Of(_submission with { Deadline = TimeSpan.FromSeconds(1) }),
            RequestHash.Of(_submission with { Deadline = TimeSpan.FromSeconds(2) }),
            RequestHash.Of(_submission with { Attachments = AttachmentSet.Of([File("a", "aGk=")]) }),
            RequestHash.Of(_submission with { Attachments = AttachmentSet.Of([File("b", "aGk=")]) }),
            RequestHash.Of(_submission with { Attachments = AttachmentSet.Of([File("a", "aGo=")]) }),
            RequestHash.Of(_submission with { Attachments = AttachmentSet.Of([File("a", "aGk="), File("a", "aGk=")]) }),
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    private static Attachment File(string name, string data) => new() { Name = name, MediaType = "text/plain", Data = data };

    [Fact]
    public void Of_SubmissionWithoutLaterParts_IsWhatItAlwaysWas()
    {
        // Rows of earlier versions hold such hashes, and a repeated request must still match its row.
        var parts = new byte[][] { [2, 0, 0, 0, .. "ab"u8], [1, 0, 0, 0, .. "c"u8], [255, 255, 255, 255], [255, 255, 255, 255] };
        var expected = Convert.ToHexStringLower(SHA256.HashData([.. parts.SelectMany(part => part)]));

        Assert.Equal(expected, RequestHash.Of(_submission));
    }
}
