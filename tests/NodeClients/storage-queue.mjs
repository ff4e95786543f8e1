// Puts turns into the queue `turns` with the published client, takes their replies from `replies`, and prints them as one JSON object.
import { QueueClient } from "@azure/storage-queue";

const turns = new QueueClient(process.env.CONNECTION_STRING, "turns");
const replies = new QueueClient(process.env.CONNECTION_STRING, "replies");
const session = process.env.SESSION;

const message = (turnId, prompt) => JSON.stringify({ specVersion: "1.0", turnId, sessionId: session, prompt, metadata: { from: "node", nested: [1, null] } });
const received = {};
await replies.createIfNotExists();

async function ask(turnId, text) {
  await turns.sendMessage(text);
  const deadline = Date.now() + 60_000;
  while (!(turnId in received) && Date.now() < deadline) {
    for (const item of (await replies.receiveMessages({ numberOfMessages: 32 })).receivedMessageItems) {
      const reply = JSON.parse(Buffer.from(item.messageText, "base64").toString("utf8"));
      received[reply.turnId] = reply;
      await replies.deleteMessage(item.messageId, item.popReceipt);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

// In plain text, as this client sends by itself, and in base64, as the Functions bindings expect.
await ask("node-1", message("node-1", "remember colour=grün"));
await ask("node-2", Buffer.from(message("node-2", "recall colour"), "utf8").toString("base64"));
console.log(JSON.stringify(received));
