using System.Text.RegularExpressions;

namespace FunctionsBroker.Architecture.Tests;

/// <summary>Every problem code is shown by a test, and this is the list of them.</summary>
public sealed partial class ProblemTests
{
    private static readonly Dictionary<string, string> s_shownBy = new()
    {
        ["invalid_json"] = "BadInputTests.A_bad_request_is_a_problem",
        ["invalid_session_id"] = "BadInputTests.A_bad_request_is_a_problem",
        ["invalid_turn_id"] = "CancelTests.Cancel_UnknownTurnOrBadIds_IsAProblem",
        ["invalid_request"] = "SessionApiTests.Call_WithAQueryThatMakesNoSense_Is400",
        ["prompt_empty"] = "BadInputTests.A_bad_request_is_a_problem",
        ["prompt_too_large"] = "BadInputTests.A_prompt_of_two_megabytes_is_a_problem",
        ["body_too_large"] = "ProblemMiddlewareTests.Invoke_BodyThatTheServerFindsTooLarge_IsBodyTooLarge",
        ["unsupported_option"] = "ChatRequestReaderTests.Read_WhatCanBeNoTurn_SaysWhichPartIsMeant",
        ["unknown_profile"] = "BadInputTests.A_bad_request_is_a_problem",
        ["reply_queue_not_allowed"] = "BadInputTests.A_bad_request_is_a_problem",
        ["idempotency_conflict"] = "AttachmentTests.The_same_turn_with_something_else_along_is_another_request",
        ["unauthorized"] = "HostApiTests.Calls_WithoutTheKey_AreRefusedButForHealth",
        ["reply_restarted"] = "ChatChunksTests.Tell_AResetThatSaysSomethingElse_EndsWithAnError",
        ["reply_not_ready"] = "ChatEndTests.Of_TurnThatGoesOn_IsNotReadyAndMayBeAskedForAgain",
        ["answer_format_missed"] = "ChatFormTests.An_answer_that_misses_its_form_twice_is_an_error",
        ["call_not_found"] = "ChatCompletionsTests.A_call_that_does_not_exist_is_an_error",
        ["unknown_caller"] = "CallerTests.A_key_that_is_no_callers_opens_nothing",
        ["not_allowed"] = "CallerTests.A_key_with_a_prefix_opens_its_own_sessions_only",
        ["too_many_turns"] = "OpenTurnsTests.Submit_MoreTurnsThanMayBeOpen_IsRefusedBeforeAnythingIsKept",
        ["turn_not_found"] = "BadInputTests.An_unknown_turn_is_a_problem",
        ["turn_not_begun"] = "CallbackTests.End_ToldBeforeTheTurnsOrchestrationBegan_BeginsIt",
        ["invalid_message"] = "BadInputTests.A_garbage_message_is_poison_with_its_reason",
        ["message_given_up"] = "TurnInboxTests.SweepPoison_MessageWithoutAReason_GetsOneAndIsAnswered",
        ["session_queue_full"] = "BusyTests.Queue_MoreTurnsThanMayWait_RefusesWith429AndRetryAfter",
        ["session_busy"] = "ControlTests.A_turn_that_does_not_want_to_wait_is_told_so_at_once",
        ["host_at_capacity"] = "SessionPoolTests.Submit_EveryProcessBusy_IsRefusedWithATimeToComeBack",
        ["host_disk_full"] = "DiskGuardTests.Submit_DiskIsFull_IsLeftToAnotherHost",
        ["disk_quota_spent"] = "DiskGuardTests.Turn_ThatWritesTooMuch_IsStoppedAndTheNextMayMakeRoom",
        ["host_draining"] = "DrainTests.Drain_Call_RefusesTurnsAndLetsTheRunningOneEnd",
        ["conversation_unavailable"] = "MovedConversationTests.Blobs_that_stay_away_fail_the_turn_and_lose_nothing",
        ["stale_epoch"] = "RealConversationTests.A_session_that_moves_to_another_host_is_resumed_there_and_lost_here",
        ["no_host_available"] = "HostProblemTests.Turn_NoHostIsUp_EndsWithThatProblem",
        ["host_unreachable"] = "HostProblemTests.Turn_HostDoesNotAnswer_EndsWithThatProblem",
        ["host_lost"] = "TurnAttemptsTests.Begin_AfterALostHost_ClosesTheAttemptAsLost",
        ["process_start_failed"] = "TurnTests.Run_ProcessThatDoesNotStart_FailsTheAttempt",
        ["process_crashed"] = "FailoverTests.Failure_ThatTheHostHasRetried_IsTriedOnEveryOtherHostOnce",
        ["turn_timed_out"] = "TurnTests.Run_TurnWithoutOutput_IsStoppedAtTheIdleLimit",
        ["interrupted"] = "ControlTests.An_urgent_turn_stops_the_running_one_and_is_answered_by_the_same_process",
        ["turn_cancelled"] = "ControlTests.A_running_turn_is_cancelled_and_its_process_answers_the_next_one",
        ["turn_expired"] = "DeadlineTests.Deadline_PassesWhileTheTurnWaits_ItExpiresWithoutHavingRun",
        ["permission_not_found"] = "EventTests.A_decision_on_nothing_is_a_problem",
        ["permission_settled"] = "EventTests.A_tools_question_is_decided_at_the_front",
        ["attachment_rejected"] = "AttachmentTests.What_is_not_what_it_says_is_refused_by_name",
        ["session_not_found"] = "DeleteSessionTests.Delete_SessionWithTurns_CancelsThemAndLeavesNothing",
        ["budget_spent"] = "SessionApiTests.Submit_SessionWhoseBudgetIsSpent_Is429UntilItIsRaised",
        ["session_deleting"] = "SessionConfiguratorTests.Put_SessionThatIsBeingDeleted_IsRefused",
        ["model_rate_limited"] = "DeadlineTests.Deadline_BeforeTheRateLimitsReset_FailsAtOnce",
        ["model_overloaded"] = "FailureTests.A_turn_that_the_model_fails_for_a_while_is_tried_again",
        ["model_authentication"] = "FailureTests.A_turn_that_the_model_refuses_fails_once_and_the_session_goes_on",
        ["model_request_rejected"] = "TurnVerdictTests.Judge_Result_HasItsProblem",
        ["model_error"] = "ConversationTests.A_fault_of_the_model_is_named_and_the_process_goes_on",
        ["model_unreachable"] = "TurnVerdictTests.Judge_Result_HasItsProblem",
        ["model_refused"] = "ChatCompletionsTests.A_turn_that_fails_is_an_error_that_names_it",
        ["model_budget_spent"] = "TurnVerdictTests.Judge_Result_HasItsProblem",
        ["model_call_limit"] = "TurnVerdictTests.Judge_Result_HasItsProblem",
        ["answer_too_long"] = "TurnVerdictTests.Judge_Result_HasItsProblem",
        ["context_too_long"] = "TurnPolicyTests.After_ErrorOfTheModelThatStays_Ends",
        ["turn_not_replayed"] = "TurnPipelineTests.Run_CrashInMidTurn_IsReplayedByTheProfilesRule",
        ["session_suspended"] = "BreakersTests.Refuse_CrashesInARow_SuspendTheSessionAndNoOther",
        ["profile_suspended"] = "BreakersTests.Refuse_StartsThatFail_SuspendTheProfileForAllSessions",
        ["channels_unavailable"] = "ChannelFallbackTests.A_cli_without_channels_is_found_out_and_the_turn_is_answered_by_the_next_transport",
        ["channels_refused"] = "ChannelProblemsTests.Of_Refusal_HasItsOwnCodeAndText",
        ["channels_policy"] = "ChannelProblemsTests.Of_Refusal_HasItsOwnCodeAndText",
        ["channels_provider"] = "ChannelProblemsTests.Of_Refusal_HasItsOwnCodeAndText",
        ["channels_protocol"] = "ChannelProblemsTests.Of_Refusal_HasItsOwnCodeAndText",
        ["channel_not_delivered"] = "ChannelFaultTests.A_push_that_shows_no_sign_of_arrival_is_repeated_once_and_then_given_to_the_next_transport",
        ["channel_unsuited"] = "ChannelFaultTests.A_turn_with_attachments_goes_by_the_next_transport",
        ["storage_unavailable"] = "ProblemMiddlewareTests.Invoke_StorageThatIsAway_IsStorageUnavailable",
        ["shutting_down"] = "ProblemMiddlewareTests.Invoke_TheInstanceGoes_IsShuttingDown",
        ["internal_error"] = "ProblemMiddlewareTests.Invoke_AnythingUnexpected_IsAnInternalErrorThatSaysNothingOfIt",
    };

    public static TheoryData<string> Codes => [.. ConstantsByCode().Keys];

    [Fact]
    public void List_HasExactlyTheCodesThatThereAre()
    {
        Assert.Equal(ConstantsByCode().Keys.Order(), s_shownBy.Keys.Order());
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Code_IsNamedInItsTest(string code)
    {
        var (type, method) = s_shownBy[code].Split('.') is [var first, var second] ? (first, second) : (string.Empty, string.Empty);
        // Projects may have a class of the same name. A part is a test's attributes with their cases, its signature and its body.
        var test = SourceTree.Files("tests", $"{type}.cs")
            .SelectMany(file => Tests().Split(SourceTree.Read(file)))
            .FirstOrDefault(part => part.Contains($" {method}(", StringComparison.Ordinal));
        Assert.True(test is not null, $"There is no test {type}.{method}");
        Assert.Contains($"ProblemCodes.{ConstantsByCode()[code]}", test, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> ConstantsByCode() =>
        Constant().Matches(SourceTree.Read("src/Contracts/Problems/ProblemCodes.cs")).ToDictionary(match => match.Groups[2].Value, match => match.Groups[1].Value);

    [GeneratedRegex("const string (\\w+) = \"(\\w+)\"")]
    private static partial Regex Constant();

    [GeneratedRegex(@"^    (?=\[(?:Fact|Theory))", RegexOptions.Multiline)]
    private static partial Regex Tests();
}
