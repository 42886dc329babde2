// The server for agents: a scripted client of the official SDK talks to the real program.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { agentTools } from '../../src/cli/mcp/tool.ts';
import { verifyDocumentSchema } from '../../src/documents/verify.ts';
import { NODE_FLAGS } from '../node-flags.ts';
import { BINARY, temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const { path: cwd, remove } = temporaryFolder();
const open: Client[] = [];
let refused: Promise<Client> | undefined;

afterAll(async () => {
  for (const client of open) await client.close();
  remove();
});

async function served(...words: readonly string[]): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const args = [...NODE_FLAGS, BINARY, 'mcp', ...words];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, cwd, stderr: 'ignore' }));
  open.push(client);
  return client;
}

type Told = Readonly<{ isError: boolean; text: string }>;

const resultSchema = z.object({
  isError: z.boolean().optional(),
  content: z.tuple([z.object({ text: z.string() })]),
});

async function ask(client: Client, name: string, given: Record<string, unknown> = {}): Promise<Told> {
  const { isError = false, content } = resultSchema.parse(await client.callTool({ name, arguments: given }));
  return { isError, text: content[0].text };
}

async function document(client: Client, name: string, given: Record<string, unknown> = {}): Promise<unknown> {
  const { isError, text } = await ask(client, name, given);
  expect(isError, text).toBe(false);
  return JSON.parse(text);
}

describe('mcp', () => {
  it('answers with the documents that people get', async () => {
    const agent = await served('--trials', '40');
    expect(agent.getInstructions()).toContain('40 trials');
    const { tools } = await agent.listTools();
    expect(tools.map(({ name }) => name)).toEqual(agentTools.map(({ name }) => name));

    const progress: string[] = [];
    const call = { name: 'tune', arguments: { kernel: 'gelu', target: 'hexagon-mlir', trials: 20 } };
    await agent.callTool(call, { onprogress: ({ message }) => progress.push(message ?? '') });
    expect(progress.length).toBeGreaterThan(0);
    // Asking again goes on with the same study, up to what a call may have.
    const tuned = await document(agent, 'tune', { kernel: 'gelu', target: 'hexagon-mlir' });
    const { study } = z.object({ study: z.object({ id: z.string() }) }).parse(tuned);

    const subject = { kernel: 'gelu', target: 'hexagon-mlir' };
    const provenance = { provenance: z.object({ how: z.string() }), interval: z.object({ low: z.number() }) };
    expect(z.object(provenance).safeParse(await document(agent, 'best', subject)).error).toBeUndefined();
    const people = await inProcess('best gelu --target hexagon-mlir --format json'.split(' '), {
      NIGHTSHIFT_STORE: join(cwd, 'nightshift.db'),
    });
    expect(await document(agent, 'best', subject)).toEqual(JSON.parse(people.stdout));
    expect(await document(agent, 'explain', { kernel: 'gelu', study: study.id })).toMatchObject({ study });
    expect(await document(agent, 'list_studies')).toMatchObject({ studies: [{ id: study.id }] });
    expect(await document(agent, 'simulate', { ...subject, set: ['threads=4'] })).toMatchObject({
      interval: { low: expect.any(Number) },
    });
    expect(await document(agent, 'compare', { before: study.id, after: study.id })).toMatchObject({
      schemaVersion: 1,
    });
    const same = await document(agent, 'ab', { ...subject, a: 'default', b: 'default' });
    expect(same).toMatchObject({ sentence: expect.stringContaining('the same time'), isExact: true });
  });

  it('claims only what a comparison supports', async () => {
    // What the server was started with must reach no command that has another use for it.
    const agent = await served('--target', 'wasm', '--for', '30s');
    const small = { kernel: 'vector-add', shape: '4096', target: 'edge-2mib', trials: 5 };
    const tuned = await document(agent, 'tune', small);
    const { study } = z.object({ study: z.object({ id: z.string() }) }).parse(tuned);
    const verified = verifyDocumentSchema.parse(
      await document(agent, 'verify', { study: study.id, by: '99900%' }),
    );
    expect(verified.verdict).not.toBe('faster');
    await document(agent, 'compare', { before: study.id, after: study.id });
  });

  it.each([
    ['tune', { kernel: 'gelu', trials: 301 }, 'trials: 301 are more than agents may use (at most 300)'],
    ['tune', { kernel: 'gelu', for: '2m' }, "for: '2m' is more than agents may use (at most 1 min)"],
    ['ab', { kernel: 'gelu', a: 'default', b: 'default', for: '2m' }, 'more than agents may use'],
    ['verify', { study: '1a2b', for: '2m' }, 'more than agents may use'],
    ['tune', { kernel: './mine.ttir' }, 'means a file or a program'],
    ['best', { kernel: 'a/b' }, 'means a file or a program'],
    ['space', { kernel: 'conv.json' }, 'means a file or a program'],
    ['simulate', { kernel: 'gelu', target: '/tmp/mine.json' }, 'means a file or a program'],
    ['tune', { kernel: 'gelu', target: 'command' }, 'means a file or a program'],
    ['ab', { a: 'default', b: 'default', target: 'replay:table.json' }, 'means a file or a program'],
    ['compare', { before: 'results', after: '1a2b' }, "before: 'results' is no id of a study"],
    ['compare', { before: '1a2b', after: './1a2b' }, "after: './1a2b' is no id of a study"],
    ['tune', { kernel: 'gelu', start: '/etc/passwd' }, 'start'],
    ['tune', { kernel: 'gelu', build: 'touch owned' }, 'build'],
    ['tune', { kernel: 'gelu', store: '/tmp/other.db' }, 'store'],
    ['tune', { kernel: 'gelu', '--': ['touch', 'owned'] }, '--'],
    ['tune', { kernel: ['gelu'] }, 'kernel'],
    ['tune', {}, 'kernel'],
    ['space', { kernel: 'gelu', values: ['__proto__=1'] }, '__proto__: is no name of a parameter'],
    ['tune', { kernel: '--help' }, "unknown kernel '--help'"],
    ['ab', { kernel: 'gelu', a: 'default' }, 'b'],
    ['best', { kernel: 'nope' }, "unknown kernel 'nope'"],
  ])('refuses %s %j', async (name, given, reason) => {
    refused ??= served('--store', 'refused.db');
    const { isError, text } = await ask(await refused, name, given);
    expect(isError, text).toBe(true);
    expect(text).toContain(reason);
    expect(existsSync(join(cwd, 'refused.db'))).toBe(false);
  });

  it.each(['space', 'tune'])('refuses what is too long in one sentence: %s', async (name) => {
    refused ??= served('--store', 'refused.db');
    const given = { kernel: 'gelu', forbid: ['x'.repeat(10_001)] };
    const { isError, text } = await ask(await refused, name, given);
    expect(isError).toBe(true);
    expect(text).toMatch(/^nightshift: study: forbid\.0: got "x+…, expected at most 10000 characters$/);
  });

  it('ends measuring when all its time is used', async () => {
    const agent = await served('--total', '1s', '--store', 'total.db');
    await document(agent, 'tune', { kernel: 'gelu', trials: 5 });
    const { isError, text } = await ask(agent, 'tune', { kernel: 'gelu', trials: 6 });
    expect(isError).toBe(true);
    expect(text).toContain('the 1 s that agents may measure are used');
    await document(agent, 'best', { kernel: 'gelu' });
  });

  it('measures on the device that it was started for', async () => {
    const space = { name: 'mine', parameters: [{ name: 'tile', values: [1, 2] }], constraints: [] };
    writeFileSync(join(cwd, 'mine.json'), JSON.stringify(space));
    const words = ['--space', 'mine.json', '--target', 'command:board', '--store', 'device.db', '--', 'echo'];
    const agent = await served(...words, '1{tile}');
    expect(await document(agent, 'tune')).toMatchObject({ winner: { configuration: { tile: 1 } } });
    expect(await document(agent, 'best', { kernel: 'mine', target: 'board' })).toMatchObject({
      kernel: 'mine',
    });
    expect((await ask(agent, 'tune', { kernel: 'gelu' })).text).toContain('has its own');
    await document(agent, 'tune', { kernel: 'gelu', target: 'edge-2mib', trials: 5 });
  });
});
