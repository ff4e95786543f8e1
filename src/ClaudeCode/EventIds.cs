namespace FunctionsBroker.ClaudeCode;

/// <summary>The ids of this project's log events: 4000 to 4999.</summary>
internal static class EventIds
{
    public const int CliProcessStarted = 4000;
    public const int CliProcessEnded = 4001;
    public const int EndedAtEndOfInput = 4002;
    public const int CliProcessTerminated = 4003;
    public const int CliProcessKilled = 4004;
    public const int PipeAbandoned = 4005;
    public const int StandardError = 4006;
    public const int GuardianRestarted = 4007;

    public const int UnknownMessage = 4100;
    public const int InvalidLine = 4101;
    public const int ApiRetry = 4102;
    public const int Refused = 4103;
    public const int TurnTimedOut = 4104;
    public const int InterruptIgnored = 4105;
    public const int Undecided = 4106;
    public const int Flooded = 4107;

    public const int NoConversation = 4200;
    public const int TranscriptNotLinked = 4201;

    public const int ChannelConnected = 4300;
    public const int ChannelDisconnected = 4301;
    public const int ChannelReplaced = 4302;
    public const int ChannelLineDropped = 4303;
    public const int ChannelStuck = 4304;
    public const int ChannelBroken = 4305;
    public const int ChannelListenerFailed = 4306;
    public const int ChannelNotAccepting = 4307;

    public const int InteractiveNotEnded = 4400;
    public const int InteractiveAnswered = 4401;

    public const int HookArrived = 4500;
    public const int ChannelQuestionLost = 4501;
    public const int ChannelUndelivered = 4502;
    public const int ChannelNotPushed = 4503;
    public const int ChannelsRefused = 4504;
}
