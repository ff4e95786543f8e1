using FunctionsBroker.ClaudeCode.Hooks;
using FunctionsBroker.ClaudeCode.Interactive;

namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>What belongs to one interactive process; all of it goes with the process.</summary>
internal sealed record ChannelParts(InteractiveProcess Process, ChannelServer Server, HookRoute Route, ChannelDesk Desk);
