namespace FunctionsBroker.Functions.Tests.Running;

/// <summary>A front that tells callers apart.</summary>
public sealed class CallerFront() : FrontUnderTest(
    ("Broker:Callers:operator:Keys:0", Operator),
    ("Broker:Callers:acme:Keys:0", Acme),
    ("Broker:Callers:acme:OpenAiKeys:0", AcmeChat),
    ("Broker:Callers:acme:SessionPrefix", AcmePrefix),
    ("Broker:Callers:acme:MaxOpenTurns", "2"),
    ("Broker:OpenAiUserIsSession", "true"))
{
    public const string Operator = "the-operators-own-key";

    public const string Acme = "the-key-of-acmes-bots";

    public const string AcmeChat = "the-key-of-acmes-chats";

    public const string AcmePrefix = "acme/";

    /// <summary>A key that the host knows and no caller has.</summary>
    public const string Unknown = "a-key-that-is-no-callers";

    protected override IReadOnlyList<string> FunctionKeys => [Operator, Acme, Unknown];
}
