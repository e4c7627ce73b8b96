// A stream that is cut and gone on with by a provider of another wire: to every official client it is one answer.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { messages } from './anthropic.mjs';
import { gemini, vertex } from './google.mjs';
import { start, wires } from './gateway.mjs';
import { ollama } from './ollama.mjs';
import { chat, responses } from './openai.mjs';

const whole = 't1 t2 t3 t4 t5 t6 t7 t8 t9';

let gateway;
before(async () => (gateway = await start()));
after(() => gateway.close());

for (const client of [chat, responses, messages, gemini, vertex, ollama]) {
  describe(client.name, () => {
    for (const wire of Object.keys(wires)) {
      test(`${wire} is cut`, async () => {
        const { pieces, output } = await client.connect(gateway.url).stream(`${wire}-cut`);
        assert.equal(pieces.join(''), whole);
        assert.ok(output > 0, 'usage is missing');
      });
    }
  });
}
