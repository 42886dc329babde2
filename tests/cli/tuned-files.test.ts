import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bestOf } from '../../src/daemon/best-question.ts';
import { bestDocumentSchema } from '../../src/documents/best.ts';
import { plain } from '../../src/report/terminal/paint.ts';
import { openStore } from '../../store/open-store.ts';
import { systemClock } from '../../tuner/clock.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const ADD = fileURLToPath(new URL('../ttir/texts/hand_add.ttir', import.meta.url));
const folder = temporaryFolder();
const at = (...names: readonly string[]): string => join(folder.path, ...names);
const env = { NIGHTSHIFT_STORE: at('store.db') };
const shape = ['--shape', '4096'];
const run = (...words: readonly string[]) => inProcess(words, env);

/** Two files of one name, tuned without having been imported. */
beforeAll(async () => {
  const add = readFileSync(ADD, 'utf8');
  for (const [name, text] of Object.entries({ k1: add, k2: add.replace('arith.addf', 'arith.mulf') })) {
    mkdirSync(at(name));
    writeFileSync(at(name, 'mine.ttir'), text);
    expect((await run('tune', at(name, 'mine.ttir'), ...shape, '--trials', '5', '--quiet')).code).toBe(0);
  }
});
afterAll(folder.remove);

/** The titles under which the studies list the two. */
async function titles(): Promise<readonly string[]> {
  const { stdout } = await run('studies', '--format', 'csv');
  return [...new Set(stdout.match(/mine \(imported [0-9a-f]+\)/g))].sort();
}

describe('kernels that were tuned from files of one name', () => {
  it('are found by every command under the name in the lists', async () => {
    const listed = await titles();
    expect(listed).toHaveLength(2);
    const hashes = new Set<string>();
    for (const title of listed) {
      const best = await run('best', title, ...shape, '--format', 'json');
      expect(bestDocumentSchema.parse(JSON.parse(best.stdout))).toMatchObject({
        kernel: title,
        provenance: { how: 'observed' },
      });
      const shown = await run('kernel', 'show', title, '--format', 'json');
      hashes.add(JSON.parse(shown.stdout).hash);
      for (const command of ['why', 'ladder', 'simulate', 'space'])
        expect((await run(command, title, ...shape)).code, `${command} ${title}`).toBe(0);
    }
    expect(hashes.size).toBe(2);
  });

  it('are both named where the plain name means two', async () => {
    const both =
      /'mine' means 2 kernels \(one of: 'mine \(imported \w+\)' 4096 f32, 'mine \(imported \w+\)' 4096 f32\)/;
    for (const command of ['best', 'simulate']) {
      const { code, stderr } = await run(command, 'mine', ...shape);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(both) });
    }
    for (const command of ['why', 'ladder', 'importance', 'trace']) {
      const { code, stderr } = await run(command, 'mine');
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(both) });
    }
  });

  it('are found over HTTP alike', async () => {
    const store = await openStore(env.NIGHTSHIFT_STORE, { mode: 'read', clock: systemClock });
    const ask = (kernel: string) =>
      bestOf(
        { kernel, target: 'hexagon-v75', shape: '4096', dtype: undefined, objective: undefined },
        store,
        async () => undefined,
      );
    for (const title of await titles())
      expect(await ask(title)).toMatchObject({ kernel: title, provenance: { how: 'observed' } });
    await expect(ask('mine')).rejects.toThrow(/'mine' means 2 kernels/);
    await store.close();
  });

  it('are told apart before they are submitted', async () => {
    const studies = ['k1', 'k2']
      .map((name) => `  - {kernel: ./${name}/mine.ttir, shapes: ["4096"]}\n`)
      .join('');
    writeFileSync(at('two.yaml'), `targets: [edge-2mib]\nbudget: {trials: 5}\nstudies:\n${studies}`);
    const { stdout } = await run('submit', at('two.yaml'), '--dry-run', '--format', 'csv');
    expect(stdout).toMatch(/^mine \(\S*k1\/mine\.ttir\),.*\nmine \(\S*k2\/mine\.ttir\),/m);
  });

  it('have a report that says on a terminal how far it is, and nowhere else', async () => {
    const surface = { isTerminal: true, columns: 80, room: 80, paint: plain };
    const words = ['report', '--html', at('r.html')];
    const shown = await inProcess(words, env, surface);
    expect(shown.stderr).toContain('reading · 0 of 2 studies');
    const summary = await inProcess([...words, '--summary'], env, surface);
    expect(summary.stderr).toContain('reading · 0 of 2 studies');
    expect((await inProcess([...words, '--quiet'], env, surface)).stderr).toBe('');
    expect((await run(...words)).stderr).toBe('');
  });
});
