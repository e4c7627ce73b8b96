// @ts-ignore: import a from "openai"
import type { Chat } from "openai/resources";
import a, /* "openai" */ * as b from /* here */ "openai";
import "groq-sdk/shims/node";
export * from "@anthropic-ai/sdk";
export { c } from
  '@mistralai/mistralai';
import d = require("cohere-ai");
import {
  e,
  f as g, // from "ollama"
} from "@google/genai";
type T = import("openai").OpenAI;
const h = (name: string) => import("replicate/" + name);
const i = import(/* webpackChunkName: "x" */ `together-ai`);
const load = module.createRequire(import.meta.url);
load("ollama");
createRequire(import.meta.url)("portkey-ai");
require.resolve("openai");
import j from "https://esm.sh/@anthropic-ai/sdk@0.30.0?bundle";
import k from "npm:openai@^4/resources";
const l = `a ${`b ${await import("litellm")}`} c`;
const m = x / 2; import("groq-sdk"); const n = y / 3;
if (/["'`]/.test(x)) /* " */ import("openai");
const o = new sdk.ChatOpenAI();
const p = await jest.requireActual("openai");
const q = "https://api." + "openai.com/v1";
import r from "openai" with { type: "json" };
