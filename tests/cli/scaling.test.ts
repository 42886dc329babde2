import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { scalingDocumentSchema } from '../../src/documents/scaling.ts';
import { knownOr } from '../../tuner/attribution/gain.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const folder = temporaryFolder();
const env = { NIGHTSHIFT_STORE: join(folder.path, 'store.db') };
const QUICK = '--strategy random --quiet';
afterAll(folder.remove);

describe('scaling', () => {
  it('finds the size from which threads pay', async () => {
    const { stdout } = await inProcess(
      `scaling gelu --sizes 2^9..2^16 ${QUICK} --trials 60 --format json`.split(' '),
      env,
    );
    const { sizes, breakEven, pays } = scalingDocumentSchema.parse(JSON.parse(stdout));
    expect(sizes.map(({ elements }) => elements)).toEqual([512, 1024, 2048, 4096, 8192, 16384, 32768, 65536]);
    expect(knownOr(sizes[0].forced)?.value).toBeLessThan(1);
    expect(knownOr(sizes.at(-1)?.forced)?.value).toBeGreaterThan(1);
    expect(breakEven).toBe(pays.at(-1)?.from);
    expect(breakEven).toBeGreaterThan(512);
    expect(breakEven).toBeLessThan(65536);
  });

  it('stores a study for each size, and continues them', async () => {
    const words = 'scaling relu --sizes 1024,4096 --strategy random --trials 10'.split(' ');
    await inProcess(words, env);
    const again = await inProcess(words, env);
    expect(again.stderr).toContain('1024 (1 of 2): continuing study');
    const listed = await inProcess('studies --kernel relu --format json'.split(' '), env);
    expect(JSON.parse(listed.stdout).studies.map(({ trials }: { trials: number }) => trials)).toEqual([
      20, 20,
    ]);
  });

  it('varies one extent, and draws the gain against it', async () => {
    const line = `scaling softmax --sizes 16x256..64x256 --mechanism db ${QUICK} --trials 20`;
    const { stdout } = await inProcess(line.split(' '), env);
    expect(stdout).toContain('Gain of DB against size: softmax f32 on hexagon-v75 (simulated)');
    expect(stdout.match(/^ *\d+x256 .*[│█░]/gm)).toHaveLength(3);
  });
});
