// Uses a channel's server with the reference client of the protocol, and prints what it saw, as one JSON object.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const client = new Client({ name: "reference", version: "1.0.0" }, { capabilities: {} });
const errors = [];
client.onerror = (error) => errors.push(String(error));

const pushed = [];
const allPushed = new Promise((resolve) => {
  client.fallbackNotificationHandler = async ({ method, params }) => {
    pushed.push({ method, params });
    if (pushed.length === 2) {
      resolve();
    }
  };
});

await client.connect(new StdioClientTransport({ command: process.env.RELAY, args: JSON.parse(process.env.RELAY_ARGUMENTS) }));
const { tools } = await client.listTools();
const reply = await client.callTool({ name: "reply", arguments: { text: "the answer", turn_id: "t-1" } });
const noText = await client.callTool({ name: "reply", arguments: {} });
const noTool = await client.callTool({ name: "shell", arguments: {} }).catch((error) => ({ code: error.code }));
const noMethod = await client.listPrompts().catch((error) => ({ code: error.code }));
await client.notification({
  method: "notifications/claude/channel/permission_request",
  params: { request_id: "abcde", tool_name: "Bash", description: "List files", input_preview: "{}" },
});
await client.ping();
await allPushed;

console.log(JSON.stringify({
  server: client.getServerVersion(),
  capabilities: client.getServerCapabilities(),
  instructions: client.getInstructions(),
  tools,
  reply,
  noText,
  noTool,
  noMethod,
  pushed,
  errors,
}));
await client.close();
