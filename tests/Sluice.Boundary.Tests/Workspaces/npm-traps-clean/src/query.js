import groq, { defineQuery } from "groq";
import { groq as query } from "next-sanity";
import OpenAI from "./openai";
import { Anthropic } from "@acme/llm";
import { encoding_for_model } from "tiktoken";
import { encode } from "gpt-tokenizer";
import { countTokens } from "@anthropic-ai/tokenizer";
import type { Spec } from "openapi-types";

class Ollama {}
export const posts = groq`*[_type == "post" && from "openai"]`;
export const all = [new OpenAI(), new Anthropic(), new Ollama(), query`*`, defineQuery("*"), encode, countTokens, encoding_for_model];
const { DB: AI_STORE, KV } = env;
await env.DB.prepare("select 1").run();
await db.prepare("x").bind(1).run();
await KV.run("x");
const ai = env.AI_STORE;
ai.run();
const AIR = { run() {} };
AIR.run();
jest.mock("openai");
const names = { from: "openai", import: "groq-sdk" };
Array.from("openai");
loader.import("openai");
loader.from(`openai`);
const pattern = /import "openai" from 'https:\/\/api.openai.com\/v1'/g;
const half = total / 2; // https://api.openai.com /
declare module "openai" {}
const text = `import x from "openai"`;
const page = <p>Don't import x from "openai", it's https://api.openai.com</p>;
