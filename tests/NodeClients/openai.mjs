// Drives the OpenAI-compatible API with the published client and prints what it saw, as one JSON object.
import OpenAI from "openai";

const client = new OpenAI({ baseURL: process.env.BASE_URL, apiKey: process.env.API_KEY });
const session = process.env.SESSION;

const ask = (messages, more = {}, options = {}) => client.chat.completions.create({ model: "default", messages, ...more }, options);
const inSession = { headers: { "x-session-id": session } };
const user = (content) => ({ role: "user", content });
const assistant = (content) => ({ role: "assistant", content });

async function errorOf(run) {
  try {
    await run();
    return null;
  } catch (error) {
    return { type: error.constructor.name, status: error.status, code: error.code, param: error.param, requestId: error.requestID };
  }
}

const models = [];
for await (const model of client.models.list()) {
  models.push(model.id);
}

const first = await ask([{ role: "system", content: "Be brief." }, user("remember colour=blue")], {}, inSession);
const second = await ask(
  [user("remember colour=blue"), assistant(first.choices[0].message.content), user([{ type: "text", text: "recall colour" }])],
  {}, inSession);
const alone = await ask([user("one"), assistant("1"), user("two")]);

const streamed = { pieces: [], finish: null, usage: null };
for await (const chunk of await ask([user("repeat 200 words {{model: chunk=100 chunkDelay=100ms}}")], { stream: true, stream_options: { include_usage: true } }, inSession)) {
  streamed.pieces.push(chunk.choices[0]?.delta.content ?? "");
  streamed.finish ??= chunk.choices[0]?.finish_reason ?? null;
  streamed.usage ??= chunk.usage ?? null;
}

const wrongKey = new OpenAI({ baseURL: process.env.BASE_URL, apiKey: "wrong" });
console.log(JSON.stringify({
  models,
  model: (await client.models.retrieve("default")).id,
  first: first.choices[0],
  second: second.choices[0].message.content,
  usage: second.usage,
  requestId: second._request_id,
  turnId: second.broker.turn_id,
  alone: alone.choices[0].message.content,
  streamed,
  errors: {
    model: await errorOf(() => client.chat.completions.create({ model: "no-such", messages: [user("x")] })),
    key: await errorOf(() => wrongKey.models.list()),
    prompt: await errorOf(() => ask([user(" ")])),
    tools: await errorOf(() => ask([user("x")], { tools: [{ type: "function", function: { name: "f" } }] })),
    streamFailed: await errorOf(async () => {
      for await (const chunk of await ask([user("x {{model: status=401}}")], { stream: true })) {
        void chunk;
      }
    }),
    failed: await errorOf(() => ask([user("x {{model: status=401}}")])),
  },
}));
