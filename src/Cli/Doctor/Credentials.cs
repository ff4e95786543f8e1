namespace FunctionsBroker.Cli.Doctor;

/// <summary>Which credentials of the operator the sessions will run with. Names only, never values.</summary>
internal static class Credentials
{
    private const string ApiTerms = "right for serving others; each turn is billed to that account";

    private const string OwnTerms =
        "for your own use only: the vendor's terms let no product route its users' requests through a Free, Pro or Max sign-in";

    private static readonly (string Variable, string Meaning, string Terms)[] s_known =
    [
        ("CLAUDE_CODE_USE_BEDROCK", "Amazon Bedrock", ApiTerms),
        ("CLAUDE_CODE_USE_VERTEX", "Google Vertex AI", ApiTerms),
        ("CLAUDE_CODE_USE_FOUNDRY", "Microsoft Foundry", ApiTerms),
        ("ANTHROPIC_API_KEY", "an API key", ApiTerms),
        ("ANTHROPIC_AUTH_TOKEN", "a gateway token", "the gateway's own terms apply"),
        ("CLAUDE_CODE_OAUTH_TOKEN", "your own sign-in", OwnTerms),
    ];

    public static Finding Check(Func<string, string?> variable)
    {
        var found = Array.Find(s_known, known => variable(known.Variable) is { Length: > 0 } and not "0" and not "false");
        return found == default
            ? new Finding(
                FindingState.Note,
                "credentials",
                "none in the environment, so only ./broker demo can answer; set ANTHROPIC_API_KEY, or CLAUDE_CODE_USE_BEDROCK, _VERTEX or _FOUNDRY")
            : new Finding(FindingState.Good, "credentials", $"{found.Meaning} ({found.Variable}); {found.Terms}");
    }
}
