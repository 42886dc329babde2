import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bestDocumentSchema } from '../../src/documents/best.ts';
import { modelDocumentSchema } from '../../src/documents/model.ts';
import { knownOr } from '../../tuner/attribution/gain.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const at = (name: string): string => join(folder.path, name);
const here = (line: string, store = 'nightshift.db') =>
  inProcess(line.split(' '), { NIGHTSHIFT_STORE: at(store) });

describe('without a model', () => {
  it.each(['model', 'predict gelu --target wasm', 'model --train'])('%s says what to do', async (line) => {
    const { code, stderr } = await here(line, 'empty.db');
    expect(stderr).toMatch(/tune more kernels/);
    expect(code).toBe(6);
  });
});

describe('studies of kernels without IR', () => {
  const table = {
    name: 'opaque',
    kernel: 'opaque',
    device: 'board',
    source: 'this test',
    objective: 'time_ms',
    params: [{ name: 'tile', values: Array.from({ length: 20 }, (_, n) => n + 1) }],
    constraints: [],
    rows: Array.from({ length: 20 }, (_, n) => [n + 1, 20 - n]),
  };

  it('do not train a model across studies', async () => {
    writeFileSync(at('table.json'), JSON.stringify(table));
    for (const seed of [1, 2, 3, 4]) {
      const line = `tune --target replay:${at('table.json')} --trials 12 --seed ${seed} --quiet`;
      const { code, stdout } = await here(line, 'opaque.db');
      expect(code).toBe(0);
      expect(stdout).not.toContain('Ladder');
    }
    const { code, stderr } = await here('model --train', 'opaque.db');
    expect(stderr).toContain('too little to train a model on');
    expect(code).toBe(6);
  });
});

describe('a model of a few studies', () => {
  beforeAll(async () => {
    for (const kernel of ['relu', 'tanh'])
      for (const shape of ['65536', '262144'])
        await here(`tune ${kernel} --shape ${shape} --strategy random --trials 40 --quiet`);
  });

  it('is trained at its first use', async () => {
    const first = await here('model');
    expect({ code: first.code, stderr: first.stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^learning from 4 studies …\n(learning from 4 studies, .* so far …\n)*$/),
    });
    const second = await here('model');
    expect(second).toMatchObject({ stdout: first.stdout, stderr: '' });
  });

  it('is trained again on request', async () => {
    const { code, stderr } = await here('model --train --quiet');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('reports its errors on held-out studies, by kernel and target', async () => {
    const { stdout } = await here('model --format json');
    const document = modelDocumentSchema.parse(JSON.parse(stdout));
    expect(document).toMatchObject({ studies: 4, trials: 160 });
    expect(knownOr(document.unseen.study)?.rank).toBeGreaterThan(0.5);
    expect(document.unseen.target).toMatchObject({ unknown: 'not tried' });
    expect((await here('model')).stdout).toContain('rank correlation');
  });

  it('predicts a shape that was never tried, with a spread, and calls it predicted', async () => {
    const { stdout } = await here('predict relu --shape 150000 --target wasm --format json');
    const { timeUs, interval, provenance } = bestDocumentSchema.parse(JSON.parse(stdout));
    expect(provenance).toEqual({ how: 'predicted', from: 'wasm' });
    expect(timeUs).toBeGreaterThan(knownOr(interval)?.low ?? Number.POSITIVE_INFINITY);
    expect(timeUs).toBeLessThan(knownOr(interval)?.high ?? 0);
    for (const subject of [
      'relu --shape 150000 --target wasm',
      'relu --shape 150000',
      'gelu --shape 65536',
    ]) {
      const [best, predicted] = await Promise.all(
        ['best', 'predict'].map((command) => here(`${command} ${subject}`)),
      );
      expect(best.stdout).toBe(predicted.stdout);
    }
  });
});

describe('a new study', () => {
  it('starts with a prior from similar studies, and keeps it', async () => {
    const line = 'tune silu --shape 65536 --strategy default --trials 12 --quiet';
    await here(line.replace('silu', 'gelu').replace('12', '60'), 'prior.db');
    await here(line, 'prior.db');
    const { stdout } = await here('trials --limit 200 --format json', 'prior.db');
    const { trials } = JSON.parse(stdout);
    expect(trials.map(({ origin }: { origin: string }) => origin)).toContain('prior');
  });
});
