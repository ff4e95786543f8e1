// Asks with the published client, which gives up after 4 s and asks again by itself, and prints the answer.
import OpenAI from "openai";

const client = new OpenAI({ baseURL: process.env.BASE_URL, apiKey: process.env.API_KEY, timeout: 4000, maxRetries: 8 });
const answer = await client.chat.completions.create({ model: "default", messages: [{ role: "user", content: process.env.PROMPT }] });
console.log(JSON.stringify({ text: answer.choices[0].message.content, turnId: answer.broker.turn_id }));
