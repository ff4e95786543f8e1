namespace FunctionsBroker.Functions;

/// <summary>The log event ids of the front: 2000 to 2999.</summary>
internal static class EventIds
{
    public const int UnexpectedFailure = 2000;
    public const int KeyInAddress = 2001;
    public const int StorageUnavailable = 2002;
    public const int TurnAccepted = 2010;
    public const int MessageRefused = 2020;
    public const int StorageAway = 2021;
    public const int TurnDispatched = 2030;
    public const int HostRefusedTurn = 2031;
    public const int HostDidNotAnswer = 2032;
    public const int TurnWithoutRow = 2033;
    public const int TurnBroke = 2034;
    public const int LeftToMailbox = 2035;
    public const int NotSettled = 2036;
    public const int TurnPublished = 2040;
    public const int AttemptNotStopped = 2041;
    public const int CallbackForNobody = 2050;
    public const int ListenerCannotLook = 2060;
    public const int ChatLeft = 2061;
    public const int ChatNotCancelled = 2062;
    public const int ConversationNotNoted = 2063;
    public const int TurnRepaired = 2070;
    public const int MailboxRepaired = 2072;
    public const int OrchestrationsPurged = 2071;
    public const int SessionErased = 2110;
    public const int SessionFilesLeft = 2111;
    public const int EraseGivenUp = 2112;
    public const int SessionsSwept = 2120;
    public const int SessionNotSwept = 2121;
}
