// Ollama's own client.
import { Ollama } from 'ollama';
import { form, image, question, thinking, tool } from './abilities.mjs';

const said = (content, more = {}) => [{ role: 'user', content, ...more }];

export const ollama = {
  name: 'ollama',
  connect(url) {
    const client = new Ollama({ host: url });
    const tools = { tools: [{ type: 'function', function: { name: tool.name, description: tool.description, parameters: tool.schema } }] };
    const answerTool = async (model, message) => {
      const call = message.tool_calls[0].function;
      const messages = [...said(tool.prompt), message, { role: 'tool', tool_name: call.name, content: tool.result }];
      return { name: call.name, arguments: call.arguments, text: (await client.chat({ model, messages, ...tools })).message.content };
    };
    return {
      text: async (model) => {
        const answer = await client.chat({ model, messages: said(question) });
        return { text: answer.message.content, finish: answer.done_reason, output: answer.eval_count };
      },
      stream: async (model) => {
        const pieces = [];
        let output = 0;
        for await (const chunk of await client.chat({ model, messages: said(question), stream: true })) {
          if (chunk.message.content) pieces.push(chunk.message.content);
          output = chunk.eval_count ?? output;
        }
        return { pieces, output };
      },
      tools: async (model) => answerTool(model, (await client.chat({ model, messages: said(tool.prompt), ...tools })).message),
      streamedTools: async (model) => {
        const message = { role: 'assistant', content: '', tool_calls: [] };
        for await (const chunk of await client.chat({ model, messages: said(tool.prompt), stream: true, ...tools })) {
          message.content += chunk.message.content;
          message.tool_calls.push(...(chunk.message.tool_calls ?? []));
        }
        return answerTool(model, message);
      },
      image: async (model) => ({ text: (await client.chat({ model, messages: said(question, { images: [image.base64] }) })).message.content }),
      structured: async (model) => ({
        json: JSON.parse((await client.chat({ model, messages: said(question), format: form.schema })).message.content),
      }),
      thinking: async (model) => ({
        reasoning: (await client.chat({ model, messages: said(thinking.prompt), think: true })).message.thinking,
      }),
      fail: (model) =>
        client.chat({ model, messages: said(question) }).then(
          () => null,
          (error) => ({ status: error.status_code, message: error.message, typed: error.name === 'ResponseError' }),
        ),
    };
  },
};
