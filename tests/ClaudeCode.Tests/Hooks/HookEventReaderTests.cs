using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FunctionsBroker.ClaudeCode.Hooks;

namespace FunctionsBroker.ClaudeCode.Tests.Hooks;

public sealed class HookEventReaderTests
{
    [Fact]
    public void Read_StopAsTheCliSendsIt_HasItsPromptAndAnswer()
    {
        var read = Read("Stop", """{"session_id":"s","transcript_path":"/t","cwd":"/w","prompt_id":"p1","permission_mode":"default","effort":{"level":"medium"},"hook_event_name":"Stop","stop_hook_active":false,"last_assistant_message":"the answer","background_tasks":[]}""");

        Assert.Equal(new HookEvent.Stopped("the answer") { PromptId = "p1" }, read);
    }

    [Theory]
    [InlineData("""{"hook_event_name":"Stop","prompt_id":"p1","last_assistant_message":"x"}""", "x", "p1")]
    [InlineData("""{"last_assistant_message":"x"}""", "x", null)]
    [InlineData("{}", null, null)]
    [InlineData("", null, null)]
    public void Read_TheSeedsComplete_IsAStopWithWhatThereIs(string body, string? message, string? promptId)
    {
        Assert.Equal(new HookEvent.Stopped(message) { PromptId = promptId }, Read("complete", body));
    }

    [Fact]
    public void Read_EachEvent_IsItsOwnType()
    {
        Assert.Equal(new HookEvent.PromptSubmitted("hi") { PromptId = "p" }, Read("UserPromptSubmit", """{"prompt":"hi","prompt_id":"p"}"""));
        Assert.Equal(new HookEvent.StopFailed("rate_limit", "slow"), Read("StopFailure", """{"error":"rate_limit","last_assistant_message":"slow"}"""));
        Assert.Equal(new HookEvent.SessionEnded("other"), Read("SessionEnd", """{"reason":"other"}"""));
        Assert.Equal(new HookEvent.Notified("idle_prompt", "waiting"), Read("Notification", """{"notification_type":"idle_prompt","message":"waiting"}"""));
        Assert.Equal(new HookEvent.Other("SomethingNew"), Read("SomethingNew", "{}"));
        var asked = Assert.IsType<HookEvent.PermissionRequested>(Read("PermissionRequest", """{"tool_name":"Write","tool_input":{"file_path":"f"}}"""));
        Assert.Equal(("Write", """{"file_path":"f"}"""), (asked.ToolName, asked.Input.ToString()));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("42")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"hook_event_name":"UserPromptSubmit"}""")]
    [InlineData("not json")]
    public void Read_WhatTheCliDoesNotSend_IsRefused(string body) => Assert.Null(Read("Stop", body));

    [Fact]
    public void Read_AnyBytes_NeverThrows() =>
        Prop.ForAll<byte[], string>((bytes, name) => HookEventReader.Read(name ?? string.Empty, bytes) is not HookEvent.SessionEnded { Reason: "never" }).QuickCheckThrowOnFailure();

    private static HookEvent? Read(string name, string body) => HookEventReader.Read(name, Encoding.UTF8.GetBytes(body));
}
