namespace FunctionsBroker.SessionHost.Tests.Configuration;

/// <summary>The "Configuration Template" of the article that this program is built after, as it is there.</summary>
internal static class SeedConfiguration
{
    public const string Text =
        """
        # session-broker.config.yaml
        daemon:
          port: 8080
          max_sessions: 50
          session_ttl_minutes: 60
          graceful_shutdown_timeout: 10

        sessions:
          - id: "agent-alpha"
            mcp_config: "~/.broker/routes/alpha/mcp-config.json"
            transcript: "~/.broker/routes/alpha/transcript.jsonl"
            auto_accept_prompts: true
            stop_hook_url: "http://localhost:8080/hooks/alpha/complete"

          - id: "agent-beta"
            mcp_config: "~/.broker/routes/beta/mcp-config.json"
            transcript: "~/.broker/routes/beta/transcript.jsonl"
            auto_accept_prompts: true
            stop_hook_url: "http://localhost:8080/hooks/beta/complete"

        runtime:
          binary: "claude"
          flags:
            - "--dangerously-load-development-channels"
            - "--mcp-config={{mcp_config}}"
          env:
            CLAUDE_CODE_DISABLE_UPDATE_CHECK: "1"
            NODE_OPTIONS: "--max-old-space-size=2048"
        """;
}
