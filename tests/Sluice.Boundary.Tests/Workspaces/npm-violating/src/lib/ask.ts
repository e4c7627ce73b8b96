// import OpenAI from "openai" is only a comment here
import OpenAI from "openai";
import { chat } from "llm/chat";

const base = `https://api.openai.com/${process.env.VERSION}/models`;
const client = new OpenAI({ apiKey: "x" });
export const load = async () => (await import("openai")).default;
const pattern = /"openai"/;
export const text = "we like openai";
