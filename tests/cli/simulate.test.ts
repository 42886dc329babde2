import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { simulateDocumentSchema } from '../../src/documents/simulate.ts';
import { knownOr } from '../../tuner/attribution/gain.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const folder = temporaryFolder();
const env = { NIGHTSHIFT_STORE: join(folder.path, 'store.db') };
afterAll(folder.remove);

async function simulated(line: string) {
  const { code, stdout, stderr } = await inProcess(`simulate ${line} --format json`.split(' '), env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return simulateDocumentSchema.parse(JSON.parse(stdout));
}

const sum = (parts: Readonly<Record<string, number>>) =>
  Object.values(parts).reduce((total, part) => total + part, 0);

describe('simulate', () => {
  it("uses the default's values for parameters that are not set", async () => {
    const { stdout } = await inProcess('tune gelu --trials 1 --quiet --format json'.split(' '), env);
    const preferred = JSON.parse(stdout).default;
    const { configuration, timeUs } = await simulated('gelu');
    expect({ configuration, timeUs }).toEqual({
      configuration: preferred.configuration,
      timeUs: preferred.timeUs,
    });
  });

  it('keeps set values and repairs those that the default pins', async () => {
    const { configuration } = await simulated('gelu --target snapdragon-8gen1 --set threads=4');
    expect(configuration.threads).toBe(4);
    const staged = await simulated('gelu --shape 2^20 --target hexagon-v75 --set threads=4 --set tile=16384');
    expect(staged.configuration).toMatchObject({ threads: 4, tile: 16384 });
    expect(staged.configuration.staging).not.toBe('direct');
  });

  it('explains the whole time of each context', async () => {
    const { timeUs, contexts, breakdown } = await simulated('softmax --set threads=3');
    expect(contexts).toHaveLength(3);
    for (const context of contexts) expect(sum(context)).toBeCloseTo(timeUs, 6);
    expect(sum(breakdown)).toBeCloseTo(timeUs, 6);
  });

  it('reports the cost of a compiler’s habit', async () => {
    const asked = 'vector-add --shape 64x16384 --target hexagon-mlir --set buffers=2';
    const without = await simulated(asked);
    const { timeUs, whatIf } = await simulated(
      `${asked} --what-if writeback=overlapped --what-if dma-queues=4`,
    );
    expect(whatIf?.changes).toEqual(['writeback=overlapped', 'dma-queues=4']);
    expect(whatIf?.unchangedUs).toBe(without.timeUs);
    expect(knownOr(whatIf?.gain)?.value).toBeCloseTo(without.timeUs / timeUs, 12);
  });

  it('says from which value of a figure on another configuration is the best', async () => {
    const asked = '--target edge-2mib --shape 1048576 --what-if dma.setupUs=50';
    const { whatIf } = await simulated(`gelu ${asked}`);
    const { code, stdout } = await inProcess(`best gelu ${asked} --format json`.split(' '), env);
    const { schemaVersion: _, kernel: __, dtype: ___, shape, target, from, ...best } = JSON.parse(stdout);
    expect({ code, from, shape, target }).toEqual({
      code: 0,
      from: 'simulator',
      shape: '1048576',
      target: 'edge-2mib',
    });
    expect(whatIf?.best).toEqual(best);
    const { upTo } = best.figure.flips[0];
    for (const command of ['best', 'simulate']) {
      const shown = await inProcess(`${command} gelu ${asked}`.split(' '), env);
      expect(shown.stdout).toContain('simulated');
      expect(shown.stdout.replaceAll(/\n\s*/g, ' ')).toContain(
        `up to dma.setupUs=${Number(upTo.toPrecision(4))}; from`,
      );
    }
  });

  it('keeps what the store has as the best, and the same thresholds for each value asked for', async () => {
    const subject = 'gelu --shape 1048576 --target edge-2mib';
    await inProcess(`tune ${subject} --trials 30 --quiet`.split(' '), env);
    const asked = async (what: string) => {
      const { code, stdout } = await inProcess(`best ${subject} ${what}--format json`.split(' '), env);
      expect(code).toBe(0);
      return JSON.parse(stdout);
    };
    const { configuration } = await asked('');
    const [near, far] = [await asked('--what-if dma.setupUs=50 '), await asked('--what-if dma.setupUs=200 ')];
    const same = await asked(`--what-if dma.setupUs=${near.figure.today} `);
    for (const { today } of [same, near, far]) expect(today.configuration).toEqual(configuration);
    expect(near.figure.flips.length).toBeGreaterThan(0);
    expect(far.figure.flips.slice(0, near.figure.flips.length)).toEqual(near.figure.flips);
    expect(near.changed.configuration).toEqual(near.figure.flips.at(-1).configuration);
  });

  it.each([
    ['hexagon-mlir', 'calibration'],
    ['hexagon-v75', 'stated ranges'],
  ])('gives an interval over the parameter sets of %s, from its %s', async (target, from) => {
    const { timeUs, interval, intervalFrom } = await simulated(`gelu --target ${target}`);
    expect(knownOr(interval)?.low).toBeLessThan(timeUs);
    expect(knownOr(interval)?.high).toBeGreaterThan(timeUs);
    expect(intervalFrom).toBe(from);
    const { stdout } = await inProcess(`simulate gelu --target ${target}`.split(' '), env);
    expect(stdout.includes('interval from stated ranges')).toBe(from === 'stated ranges');
  });

  it('starts from the best known configuration with --config best', async () => {
    const tuned = await inProcess(
      'tune relu --shape 16384 --strategy random --trials 30 --quiet --format json'.split(' '),
      env,
    );
    const { best } = JSON.parse(tuned.stdout);
    expect(await simulated('relu --shape 16384 --config best')).toMatchObject({
      configuration: best.configuration,
      timeUs: best.timeUs,
    });
    const unknown = await inProcess('simulate silu --config best'.split(' '), env);
    expect(unknown.code).toBe(6);
    expect(unknown.stderr).toContain('no best is known of silu');
  });

  it('draws each context with its parts', async () => {
    const { stdout } = await inProcess('simulate gelu --set threads=2'.split(' '), env);
    expect(stdout).toMatch(/µs.* simulated.*; scratchpad [\d,]+ bytes/);
    expect(stdout).toMatch(/^context 1 .*█/m);
  });
});
