using System.Text.Json;
using FunctionsBroker.Sessions.Admission;
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
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }
}
