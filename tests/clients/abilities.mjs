// What every client is asked to do, in no client's words.
export const question = 'What is a gate?';
export const echo = `You said: ${question}`;
export const thinking = { prompt: '[think] Why?', text: 'The user wants an answer.' };
export const tool = {
  prompt: '[tool] weather please',
  name: 'get_weather',
  description: 'The weather of a city.',
  schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
  result: 'sunny, 21 degrees',
};
export const form = {
  name: 'answer',
  schema: { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'], additionalProperties: false },
};
export const image = {
  mediaType: 'image/png',
  base64: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  seen: 'I see 1 image',
};
/** Cells that cannot be, each with the reason; everything else has to work. */
export const lacking = {
  'ai (anthropic)|ollama|structured': 'the SDK forces a tool for it, and Ollama has no way to force one',
};
export const abilities = ['text', 'stream', 'tools', 'streamedTools', 'image', 'structured', 'thinking', 'unknownRoute', 'providerDown'];
