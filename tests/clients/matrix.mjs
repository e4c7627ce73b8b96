// docs/compatibility.md: what the grid found. SLUICE_ACCEPT=1 writes it anew, else it must be what it says.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { abilities } from './abilities.mjs';
import { wires } from './gateway.mjs';

const page = resolve(dirname(fileURLToPath(import.meta.url)), '../../docs/compatibility.md');
const cells = new Map();

export const note = (client, wire, ability, outcome) => cells.set(`${client}|${wire}|${ability}`, outcome);

export async function compare() {
  const text = render();
  if (process.env.SLUICE_ACCEPT === '1') {
    await writeFile(page, text);
    return;
  }
  assert.equal(await readFile(page, 'utf8'), text, 'docs/compatibility.md is not what the grid found; run with SLUICE_ACCEPT=1 to write it');
}

function render() {
  const clients = [...new Set([...cells.keys()].map((k) => k.split('|')[0]))];
  const lines = [
    '# Clients and providers',
    '',
    'Every official client against every provider wire, through the gateway. This page is what `tests/clients` found: each cell was run.',
    'Names of abilities: `streamedTools` calls tools in a stream; `unknownRoute` and `providerDown` are errors that the client knows as its own.',
    '',
  ];
  for (const client of clients) {
    lines.push(`## ${client}`, '', `| | ${abilities.join(' | ')} |`, `|---|${abilities.map(() => '---').join('|')}|`);
    for (const wire of Object.keys(wires)) {
      lines.push(`| ${wire} | ${abilities.map((a) => cells.get(`${client}|${wire}|${a}`) ?? 'no').join(' | ')} |`);
    }
    lines.push('');
  }
  return lines.join('\n');
}
