// The AI SDK, over its OpenAI and its Anthropic provider.
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { APICallError, generateText, jsonSchema, Output, stepCountIs, streamText, tool as define } from 'ai';
import { form, image, question, thinking, tool } from './abilities.mjs';

// kept: what tells the SDK to send the whole conversation each time, which every target can answer.
const sdk = (name, providerOf, reasoning, kept) => ({
  name,
  connect(url) {
    const model = providerOf(url);
    const calls = [];
    const tools = {
      [tool.name]: define({
        description: tool.description,
        inputSchema: jsonSchema(tool.schema),
        execute: async (input) => (calls.push(input), tool.result),
      }),
    };
    const loop = { tools, stopWhen: stepCountIs(3), prompt: tool.prompt, maxRetries: 0, providerOptions: kept };
    return {
      text: async (route) => {
        const answer = await generateText({ model: model(route), prompt: question, maxRetries: 0 });
        return { text: answer.text, finish: answer.finishReason, output: answer.usage.outputTokens };
      },
      stream: async (route) => {
        const pieces = [];
        const stream = streamText({ model: model(route), prompt: question, maxRetries: 0 });
        for await (const piece of stream.textStream) pieces.push(piece);
        return { pieces, output: (await stream.usage).outputTokens };
      },
      tools: async (route) => {
        const answer = await generateText({ model: model(route), ...loop });
        return { name: tool.name, arguments: calls.pop(), text: answer.text };
      },
      streamedTools: async (route) => {
        const text = await streamText({ model: model(route), ...loop }).text;
        return { name: tool.name, arguments: calls.pop(), text };
      },
      image: async (route) => {
        const file = { type: 'file', mediaType: image.mediaType, data: image.base64 };
        const messages = [{ role: 'user', content: [{ type: 'text', text: question }, file] }];
        return { text: (await generateText({ model: model(route), messages, maxRetries: 0 })).text };
      },
      structured: async (route) => {
        const output = Output.object({ schema: jsonSchema(form.schema), name: form.name });
        return { json: (await generateText({ model: model(route), prompt: question, output, maxRetries: 0 })).output };
      },
      thinking: reasoning && (async (route) => {
        const answer = await generateText({ model: model(route), prompt: thinking.prompt, maxRetries: 0, providerOptions: reasoning });
        return { reasoning: answer.reasoningText };
      }),
      fail: (route) =>
        generateText({ model: model(route), prompt: question, maxRetries: 0 }).then(
          () => null,
          (error) => ({ status: error.statusCode, message: error.message, typed: APICallError.isInstance(error) }),
        ),
    };
  },
});

export const overChat = sdk('ai (openai chat)', (url) => createOpenAI({ baseURL: `${url}/v1`, apiKey: 'unused' }).chat, null);
export const overResponses = sdk('ai (openai responses)', (url) => createOpenAI({ baseURL: `${url}/v1`, apiKey: 'unused' }).responses, {
  openai: { forceReasoning: true, reasoningEffort: 'low', reasoningSummary: 'auto', store: false },
}, { openai: { store: false } });
export const overMessages = sdk('ai (anthropic)', (url) => createAnthropic({ baseURL: `${url}/v1`, apiKey: 'unused' }), {
  anthropic: { thinking: { type: 'enabled', budgetTokens: 1024 } },
});
