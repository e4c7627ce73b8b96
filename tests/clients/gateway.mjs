// A real gateway before a simulated provider of every wire, both as the processes that users run.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const cli = join(root, 'artifacts/bin/Sluice.Cli/debug/Sluice.Cli.dll');

/** The wires of providers, each with the preset that speaks it and where the simulator answers for it. */
export const wires = {
  'openai-chat': { preset: 'openai', base: '/v1' },
  'anthropic-messages': { preset: 'anthropic', base: '' },
  'openai-responses': { preset: 'openai-responses', base: '/v1' },
  gemini: { preset: 'gemini', base: '' },
  ollama: { preset: 'ollama', base: '' },
  'workers-ai': { preset: 'workers-ai', base: '/ai' },
  'bedrock-converse': { preset: 'bedrock', base: '' },
};

/** Starts both; `close` ends them by their own ids. */
export async function start() {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-clients-'));
  const simulator = run(['simulate', '--port', '0'], {});
  const upstream = await address(simulator, /listens on (http:\S+)/);
  await writeFile(join(folder, 'sluice.json'), JSON.stringify(configuration(upstream.replace(/\/$/, ''))));
  const gateway = run(['serve', '--config', join(folder, 'sluice.json'), '--data', join(folder, 'data'), '--port', '0'], {
    SIM_KEY: 'simulated',
    AWS_ACCESS_KEY_ID: 'simulated',
    AWS_SECRET_ACCESS_KEY: 'simulated',
    AWS_REGION: 'us-east-1',
  });
  const url = (await address(gateway, /listens on (http:\S+)/)).replace(/\/$/, '');
  return {
    url,
    async close() {
      await Promise.all([gateway, simulator].map(end));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A route named for each wire, and one whose provider is always overloaded. */
function configuration(upstream) {
  const providers = {};
  const routes = {};
  for (const [wire, { preset, base }] of Object.entries(wires)) {
    providers[wire] = { preset, baseUrl: upstream + base, apiKey: 'env:SIM_KEY' };
    const target = (model) => ({ provider: wire, model, unlisted: true, price: { input: '1', output: '2' } });
    routes[wire] = { tier: 'standard', targets: [target('sim')] };
    // A stream that is cut, and somebody of another wire to go on with it.
    const other = { provider: wire === 'openai-chat' ? 'gemini' : 'openai-chat', model: 'sim-tokens-9', unlisted: true, price: { input: '1', output: '2' } };
    routes[`${wire}-cut`] = { tier: 'standard', onCut: 'continue', targets: [target('sim-tokens-9+cut-5'), other] };
    routes[`${wire}-down`] = { tier: 'standard', targets: [target('sim-status-503')], retry: { attempts: 0 } };
  }
  routes['openai-chat'].default = true;
  return { providers, routes };
}

function run(args, environment) {
  const child = spawn('dotnet', [cli, ...args], { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  child.output = '';
  child.stdout.on('data', (text) => (child.output += text));
  child.stderr.on('data', (text) => (child.output += text));
  return child;
}

function address(child, pattern) {
  return new Promise((found, failed) => {
    const look = () => {
      const match = pattern.exec(child.output);
      if (match) found(match[1]);
    };
    child.stdout.on('data', look);
    child.on('exit', (code) => failed(new Error(`it ended with ${code}: ${child.output}`)));
    look();
  });
}

function end(child) {
  return new Promise((ended) => {
    child.removeAllListeners('exit');
    child.on('exit', ended);
    child.kill('SIGTERM');
  });
}
