// Google's own client, as it asks Google AI and as it asks Vertex AI.
import { ApiError, GoogleGenAI } from '@google/genai';
import { OAuth2Client } from 'google-auth-library';
import { form, image, question, thinking, tool } from './abilities.mjs';

export const gemini = named('@google/genai', () => ({ apiKey: 'unused' }));

/** The project is no project of the gateway's, and the token none that it would take elsewhere. */
export const vertex = named('@google/genai, vertexai', () => {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: 'unused' });
  return { vertexai: true, project: 'theirs', location: 'us-central1', googleAuthOptions: { authClient } };
});

function named(name, account) {
  return {
    name,
    connect: (url) => connect(new GoogleGenAI({ ...account(), httpOptions: { baseUrl: url, retryOptions: { attempts: 1 } } })),
  };
}

function connect(client) {
  const ask = (model, contents, config = {}) => client.models.generateContent({ model, contents, config });
  const tools = { tools: [{ functionDeclarations: [{ name: tool.name, description: tool.description, parametersJsonSchema: tool.schema }] }] };
  const user = (parts) => ({ role: 'user', parts });
  const answerTool = async (model, content) => {
    const call = content.parts.find((p) => p.functionCall).functionCall;
    const contents = [
      user([{ text: tool.prompt }]),
      content,
      user([{ functionResponse: { id: call.id, name: call.name, response: { output: tool.result } } }]),
    ];
    return { name: call.name, arguments: call.args, text: (await ask(model, contents, tools)).text };
  };
  return {
    text: async (model) => {
      const answer = await ask(model, question);
      return { text: answer.text, finish: answer.candidates[0].finishReason, output: answer.usageMetadata.candidatesTokenCount };
    },
    stream: async (model) => {
      const pieces = [];
      let output = 0;
      for await (const chunk of await client.models.generateContentStream({ model, contents: question })) {
        if (chunk.text) pieces.push(chunk.text);
        output = chunk.usageMetadata?.candidatesTokenCount ?? output;
      }
      return { pieces, output };
    },
    tools: async (model) => answerTool(model, (await ask(model, [user([{ text: tool.prompt }])], tools)).candidates[0].content),
    streamedTools: async (model) => {
      const parts = [];
      const stream = await client.models.generateContentStream({ model, contents: [user([{ text: tool.prompt }])], config: tools });
      for await (const chunk of stream) parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []));
      return answerTool(model, { role: 'model', parts });
    },
    image: async (model) => {
      const inlineData = { mimeType: image.mediaType, data: image.base64 };
      return { text: (await ask(model, [user([{ text: question }, { inlineData }])])).text };
    },
    structured: async (model) => {
      const config = { responseMimeType: 'application/json', responseJsonSchema: form.schema };
      return { json: JSON.parse((await ask(model, question, config)).text) };
    },
    thinking: async (model) => {
      const answer = await ask(model, thinking.prompt, { thinkingConfig: { includeThoughts: true, thinkingBudget: 1024 } });
      return { reasoning: answer.candidates[0].content.parts.find((p) => p.thought)?.text };
    },
    fail: (model) =>
      ask(model, question).then(
        () => null,
        (error) => ({ status: error.status, message: error.message, typed: error instanceof ApiError }),
      ),
  };
}
