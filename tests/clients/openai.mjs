// OpenAI's own client, over Chat Completions and over Responses.
import OpenAI from 'openai';
import { form, image, question, thinking, tool } from './abilities.mjs';

const client = (url) => new OpenAI({ baseURL: `${url}/v1`, apiKey: 'unused', maxRetries: 0 });
const said = (content) => [{ role: 'user', content }];
const failure = (error) => ({ status: error.status, message: error.message, typed: error instanceof OpenAI.APIError });

export const chat = {
  name: 'openai (chat)',
  connect(url) {
    const ask = (model, messages, more = {}) => client(url).chat.completions.create({ model, messages, ...more });
    const functions = {
      tools: [{ type: 'function', function: { name: tool.name, description: tool.description, parameters: tool.schema } }],
    };
    const answerTool = async (model, message) => {
      const call = message.tool_calls[0];
      const messages = [
        ...said(tool.prompt),
        message,
        { role: 'tool', tool_call_id: call.id, content: tool.result },
      ];
      const last = await ask(model, messages, functions);
      return { name: call.function.name, arguments: JSON.parse(call.function.arguments), text: last.choices[0].message.content };
    };
    return {
      text: async (model) => {
        const answer = await ask(model, said(question));
        return { text: answer.choices[0].message.content, finish: answer.choices[0].finish_reason, output: answer.usage.completion_tokens };
      },
      stream: async (model) => {
        const pieces = [];
        let output = 0;
        for await (const chunk of await ask(model, said(question), { stream: true, stream_options: { include_usage: true } })) {
          pieces.push(chunk.choices[0]?.delta?.content ?? '');
          output = chunk.usage?.completion_tokens ?? output;
        }
        return { pieces: pieces.filter(Boolean), output };
      },
      tools: async (model) => answerTool(model, (await ask(model, said(tool.prompt), functions)).choices[0].message),
      streamedTools: async (model) => {
        const stream = client(url).chat.completions.stream({ model, messages: said(tool.prompt), ...functions });
        return answerTool(model, (await stream.finalChatCompletion()).choices[0].message);
      },
      image: async (model) => {
        const parts = [
          { type: 'text', text: question },
          { type: 'image_url', image_url: { url: `data:${image.mediaType};base64,${image.base64}` } },
        ];
        return { text: (await ask(model, said(parts))).choices[0].message.content };
      },
      structured: async (model) => {
        const format = { type: 'json_schema', json_schema: { name: form.name, schema: form.schema, strict: true } };
        return { json: JSON.parse((await ask(model, said(question), { response_format: format })).choices[0].message.content) };
      },
      thinking: async (model) => {
        const answer = await ask(model, said(thinking.prompt), { reasoning_effort: 'low', max_completion_tokens: 4096 });
        return { reasoning: answer.choices[0].message.reasoning_content };
      },
      fail: (model) => ask(model, said(question)).then(() => null, failure),
    };
  },
};

export const responses = {
  name: 'openai (responses)',
  connect(url) {
    const ask = (model, input, more = {}) => client(url).responses.create({ model, input, store: false, ...more });
    const functions = { tools: [{ type: 'function', name: tool.name, description: tool.description, parameters: tool.schema, strict: false }] };
    const answerTool = async (model, answer) => {
      const call = answer.output.find((item) => item.type === 'function_call');
      const input = [...said(tool.prompt), ...answer.output, { type: 'function_call_output', call_id: call.call_id, output: tool.result }];
      const last = await ask(model, input, functions);
      return { name: call.name, arguments: JSON.parse(call.arguments), text: last.output_text };
    };
    return {
      text: async (model) => {
        const answer = await ask(model, question);
        return { text: answer.output_text, finish: answer.status, output: answer.usage.output_tokens };
      },
      stream: async (model) => {
        const pieces = [];
        let output = 0;
        for await (const event of await ask(model, question, { stream: true })) {
          if (event.type === 'response.output_text.delta') pieces.push(event.delta);
          if (event.type === 'response.completed') output = event.response.usage.output_tokens;
        }
        return { pieces, output };
      },
      tools: async (model) => answerTool(model, await ask(model, said(tool.prompt), functions)),
      streamedTools: async (model) => {
        const stream = client(url).responses.stream({ model, input: said(tool.prompt), store: false, ...functions });
        return answerTool(model, await stream.finalResponse());
      },
      image: async (model) => {
        const parts = [
          { type: 'input_text', text: question },
          { type: 'input_image', image_url: `data:${image.mediaType};base64,${image.base64}`, detail: 'auto' },
        ];
        return { text: (await ask(model, said(parts))).output_text };
      },
      structured: async (model) => {
        const format = { type: 'json_schema', name: form.name, schema: form.schema, strict: true };
        return { json: JSON.parse((await ask(model, question, { text: { format } })).output_text) };
      },
      thinking: async (model) => {
        const answer = await ask(model, thinking.prompt, { reasoning: { effort: 'low', summary: 'auto' }, max_output_tokens: 4096 });
        const item = answer.output.find((o) => o.type === 'reasoning');
        return { reasoning: item?.summary.map((s) => s.text).join('') };
      },
      fail: (model) => ask(model, question).then(() => null, failure),
    };
  },
};
