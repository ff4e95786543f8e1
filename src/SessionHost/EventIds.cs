namespace FunctionsBroker.SessionHost;

/// <summary>The ids of this project's log events: 3000 to 3999.</summary>
internal static class EventIds
{
    public const int ProcessStarted = 3000;
    public const int StartFailed = 3001;
    public const int TryingAgain = 3002;
    public const int FallingBack = 3007;
    public const int IdleProcessEnded = 3003;
    public const int TurnBroke = 3004;
    public const int SaveFailed = 3005;
    public const int CommandFailed = 3006;

    public const int ClosingIdle = 3100;
    public const int StoppingTurns = 3101;

    public const int PrefetchFailed = 3200;
    public const int WriteFailed = 3201;
    public const int Fenced = 3202;
    public const int TurnRecorderGivenUp = 3203;
    public const int ToolsNotNoted = 3204;
    public const int Refused = 3210;
    public const int Unreachable = 3211;
    public const int CallbacksGivenUp = 3212;
    public const int Abandoned = 3213;

    public const int LiveProcessesEnded = 3300;
    public const int Unreadable = 3301;

    public const int Draining = 3400;
    public const int Aborting = 3401;
    public const int Drained = 3402;
    public const int Missed = 3410;
    public const int CutOff = 3411;
    public const int ParentGone = 3420;

    public const int Failed = 3500;

    public const int ReadyProcessTaken = 3110;
    public const int NotReady = 3111;
    public const int NotDeleted = 3112;
    public const int Oversized = 3113;
    public const int RelievingMemory = 3114;

    public const int FlagIgnored = 3600;
    public const int DeclaredSessionElsewhere = 3601;
    public const int DeclaredSessionFailed = 3602;

    public const int UsageNotWritten = 3700;

    public const int ConversationFetched = 3900;
    public const int ConversationNotFetched = 3901;
    public const int TranscriptGone = 3902;
    public const int ConversationNotKept = 3903;
    public const int TidyFailed = 3904;
    public const int ConversationFollowed = 3905;
    public const int TranscriptNotWhole = 3906;
    public const int AnswerNotWritten = 3907;

    public const int WorkEnded = 3115;
    public const int BackgroundTurnKept = 3116;
    public const int BackgroundTurnNotKept = 3117;
    public const int BackgroundTurnDropped = 3118;

    public const int OtherHostsNotRead = 4000;
    public const int DiskQuotaSpent = 4001;
    public const int DiskNotMeasured = 4002;
    public const int DiskFull = 4003;

    public const int ProfileHeld = 3800;
    public const int ProfileOpen = 3801;
}
