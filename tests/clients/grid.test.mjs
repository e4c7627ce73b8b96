// Every client against every provider wire: one test for each cell. The page docs/compatibility.md is what came out.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { abilities, echo, image, lacking, thinking, tool } from './abilities.mjs';
import { messages } from './anthropic.mjs';
import { gemini, vertex } from './google.mjs';
import { start, wires } from './gateway.mjs';
import { compare, note } from './matrix.mjs';
import { ollama } from './ollama.mjs';
import { chat, responses } from './openai.mjs';
import { overChat, overMessages, overResponses } from './vercel.mjs';

const clients = [chat, responses, messages, gemini, vertex, ollama, overChat, overResponses, overMessages];

const holds = {
  text: async (client, route) => {
    const answer = await client.text(route);
    assert.equal(answer.text, echo);
    assert.ok(answer.output > 0, 'usage is missing');
    assert.match(answer.finish, /stop|end_turn|completed/i);
  },
  stream: async (client, route) => {
    const { pieces, output } = await client.stream(route);
    assert.equal(pieces.join(''), echo);
    assert.ok(pieces.length > 1, 'it came in one piece');
    assert.ok(output > 0, 'usage is missing');
  },
  tools: async (client, route) => toolHolds(await client.tools(route)),
  streamedTools: async (client, route) => toolHolds(await client.streamedTools(route)),
  image: async (client, route) => assert.ok((await client.image(route)).text.includes(image.seen)),
  structured: async (client, route) => assert.equal(typeof (await client.structured(route)).json.answer, 'string'),
  thinking: async (client, route) => assert.equal((await client.thinking(route)).reasoning, thinking.text),
  unknownRoute: async (client) => {
    const error = await client.fail('no-such-route');
    assert.ok(error?.typed, `not the client's own error: ${JSON.stringify(error)}`);
    assert.equal(error.status, 404);
    assert.match(error.message, /no-such-route/);
  },
  providerDown: async (client, route) => {
    const error = await client.fail(`${route}-down`);
    assert.ok(error?.typed, `not the client's own error: ${JSON.stringify(error)}`);
    assert.equal(error.status, 503);
  },
};

function toolHolds(answer) {
  assert.equal(answer.name, tool.name);
  assert.equal(typeof answer.arguments.city, 'string');
  assert.ok(answer.text.includes(tool.result), `the result did not arrive: ${answer.text}`);
}

let gateway;
before(async () => (gateway = await start()));
after(async () => {
  await gateway.close();
  await compare();
});

for (const client of clients) {
  describe(client.name, () => {
    for (const wire of Object.keys(wires)) {
      for (const ability of abilities) {
        test(`${wire}: ${ability}`, async () => {
          const reason = lacking[`${client.name}|${wire}|${ability}`];
          if (reason) {
            note(client.name, wire, ability, `no: ${reason}`);
            return;
          }
          const connected = client.connect(gateway.url);
          if (!connected[ability === 'unknownRoute' || ability === 'providerDown' ? 'fail' : ability]) {
            note(client.name, wire, ability, 'not in this client');
            return;
          }
          await holds[ability](connected, wire);
          note(client.name, wire, ability, 'yes');
        });
      }
    }
  });
}
