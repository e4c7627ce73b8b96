// Anthropic's own client.
import Anthropic from '@anthropic-ai/sdk';
import { form, image, question, thinking, tool } from './abilities.mjs';

const said = (content) => [{ role: 'user', content }];
const textOf = (message) => message.content.filter((b) => b.type === 'text').map((b) => b.text).join('');

export const messages = {
  name: '@anthropic-ai/sdk',
  connect(url) {
    const client = new Anthropic({ baseURL: url, apiKey: 'unused', maxRetries: 0 });
    const ask = (model, turns, more = {}) => client.messages.create({ model, max_tokens: 4096, messages: turns, ...more });
    const tools = { tools: [{ name: tool.name, description: tool.description, input_schema: tool.schema }] };
    const answerTool = async (model, message) => {
      const call = message.content.find((b) => b.type === 'tool_use');
      const turns = [
        ...said(tool.prompt),
        { role: 'assistant', content: message.content },
        ...said([{ type: 'tool_result', tool_use_id: call.id, content: tool.result }]),
      ];
      return { name: call.name, arguments: call.input, text: textOf(await ask(model, turns, tools)) };
    };
    return {
      text: async (model) => {
        const answer = await ask(model, said(question));
        return { text: textOf(answer), finish: answer.stop_reason, output: answer.usage.output_tokens };
      },
      stream: async (model) => {
        const pieces = [];
        const stream = client.messages.stream({ model, max_tokens: 4096, messages: said(question) });
        stream.on('text', (piece) => pieces.push(piece));
        const answer = await stream.finalMessage();
        return { pieces, output: answer.usage.output_tokens };
      },
      tools: async (model) => answerTool(model, await ask(model, said(tool.prompt), tools)),
      streamedTools: async (model) => {
        const stream = client.messages.stream({ model, max_tokens: 4096, messages: said(tool.prompt), ...tools });
        return answerTool(model, await stream.finalMessage());
      },
      image: async (model) => {
        const source = { type: 'base64', media_type: image.mediaType, data: image.base64 };
        return { text: textOf(await ask(model, said([{ type: 'image', source }, { type: 'text', text: question }]))) };
      },
      structured: async (model) => {
        const format = { type: 'json_schema', schema: form.schema };
        return { json: JSON.parse(textOf(await ask(model, said(question), { output_config: { format } }))) };
      },
      thinking: async (model) => {
        const answer = await ask(model, said(thinking.prompt), { thinking: { type: 'enabled', budget_tokens: 1024 } });
        return { reasoning: answer.content.find((b) => b.type === 'thinking')?.thinking };
      },
      fail: (model) =>
        ask(model, said(question)).then(
          () => null,
          (error) => ({ status: error.status, message: error.message, typed: error instanceof Anthropic.APIError }),
        ),
    };
  },
};
