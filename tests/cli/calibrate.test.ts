import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calibrateDocumentSchema } from '../../src/documents/calibrate.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const folder = temporaryFolder();
const env = { NIGHTSHIFT_STORE: join(folder.path, 'store.db') };
const at = (name: string) => join(folder.path, name);
const run = (line: string) => inProcess(line.split(' '), env);
afterAll(folder.remove);

/** A machine of which only three figures are not known. */
beforeAll(() => {
  const data = new URL('../../src/targets/npu/machine/data/edge-2mib.json', import.meta.url);
  const open = ['callUs', 'forkJoinUs', 'ops.vectorCall'];
  const strip = (part: unknown, path: string): unknown => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    const entries = Object.entries(part).map(([key, inner]) => [
      key,
      strip(inner, path === '' ? key : `${path}.${key}`),
    ]);
    return Object.fromEntries(entries.filter(([key]) => key !== 'range' || open.includes(path)));
  };
  const file = JSON.parse(readFileSync(data, 'utf8'));
  const memory = file.memory.map((level: unknown) => strip(level, 'level'));
  writeFileSync(at('mine.json'), JSON.stringify({ ...Object(strip(file, '')), memory, name: 'my-npu' }));
});

async function timeOf(target: string, set: string): Promise<number> {
  const { stdout } = await run(`simulate relu --shape 1024 --target ${target} --set ${set} --format json`);
  return JSON.parse(stdout).timeUs;
}

describe('calibrate', () => {
  const ALONE = 'threads=1,staging=copy,tile=1024';
  const TEAM = 'threads=2,staging=copy,tile=512';
  beforeAll(async () => {
    // What the device has: 1.3 µs a call, and 17 µs to wake threads.
    const other = JSON.parse(readFileSync(at('mine.json'), 'utf8'));
    other.callUs = { value: 1.3, source: 'hidden' };
    other.forkJoinUs = { value: 17, source: 'hidden' };
    other.ops.vectorCall = { value: 0, source: 'a manual' };
    writeFileSync(at('truth.json'), JSON.stringify(other));
    const line = async (set: string) =>
      `relu,1024,f32,${set.replaceAll(',', ';')},${await timeOf(at('truth.json'), set)}`;
    const lines = ['kernel,shape,dtype,configuration,time_us', await line(ALONE), await line(TEAM)];
    writeFileSync(at('device.csv'), `${lines.join('\n')}\n`);
  });

  it('stores the log as measured, and writes a target that has its times', async () => {
    const words = `calibrate ${at('mine.json')} --from ${at('device.csv')} -o ${at('calibrated.json')} --format json`;
    const { code, stdout, stderr } = await run(words);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const document = calibrateDocumentSchema.parse(JSON.parse(stdout));
    const verdicts = Object.fromEntries(document.figures.map(({ figure, verdict }) => [figure, verdict]));
    expect(verdicts).toMatchObject({ 'ops.vectorCall': 'unseen', forkJoinUs: 'narrowed' });
    const { value } = document.figures.find(({ figure }) => figure === 'forkJoinUs') ?? { value: 0 };
    expect(value / 17).toBeCloseTo(1, 1);
    expect(document.studies).toHaveLength(1);
    const { trials } = JSON.parse((await run(`trials --study ${document.studies[0]} --format json`)).stdout);
    expect(trials).toHaveLength(2);
    const { studies } = JSON.parse((await run('studies --format json')).stdout);
    expect(studies).toEqual([
      expect.objectContaining({ shape: '1024', target: 'my-npu-log', from: 'device' }),
    ]);
    for (const set of [ALONE, TEAM]) {
      const ratio = (await timeOf(at('calibrated.json'), set)) / (await timeOf(at('truth.json'), set));
      expect(Math.abs(ratio - 1)).toBeLessThan(0.02);
    }
    const figures = await run(`targets ${at('calibrated.json')}`);
    expect(figures.stdout).toMatch(/forkJoinUs +1[67][.\d]* /);
    const simulated = await run(`simulate relu --shape 1024 --target ${at('calibrated.json')} --format json`);
    expect(JSON.parse(simulated.stdout).intervalFrom).toBe('calibration');
  });

  it('calibrates its own file again, but by no log that its figures were fitted to', async () => {
    const again = `calibrate ${at('calibrated.json')} -o ${at('again.json')} --from`;
    const refused = await run(`${again} ${at('device.csv')}`);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /--from: .*calibrated.json were fitted to device.csv already: it would count/,
    );
    const [titles, first, second] = readFileSync(at('device.csv'), 'utf8').split('\n');
    writeFileSync(at('other.csv'), [titles, second, first, ''].join('\n'));
    const { code, stdout, stderr } = await run(`${again} ${at('other.csv')}`);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^Wrote my-npu to .*again.json, with \d+ sets/),
    });
    expect(stdout).toMatch(/my-npu against 2 calls of a device, stored in 1 study\n/);
    expect(stdout).toMatch(/no time of the log shows ops.vectorCall/);
    expect(stdout).toMatch(/Which term is wrong is unknown: the model explains the log/);
    expect(stdout).not.toMatch(/to \d+\.\d{5}/);
    for (const log of ['device.csv', 'other.csv'])
      expect((await run(`calibrate ${at('again.json')} --from ${at(log)}`)).code).toBe(2);
  });

  it('leaves tuned results of the target where they are: its best, its export and its study', async () => {
    const tuned = await run(`tune relu --shape 1024 --target ${at('mine.json')} --trials 8 --quiet`);
    expect(tuned.code, tuned.stderr).toBe(0);
    const answers = async (out: string) => {
      const exported = await run(`export --format json -o ${at(out)}`);
      expect(exported.code, exported.stderr).toBe(0);
      const words = `relu --shape 1024 --target ${at('mine.json')} --format json`;
      const best = JSON.parse((await run(`best ${words}`)).stdout);
      return { best, exported: readFileSync(join(at(out), 'my-npu.json'), 'utf8') };
    };
    const before = await answers('before');
    expect(before.best).toMatchObject({ target: 'my-npu', provenance: { from: 'simulator' } });
    const { code } = await run(`calibrate ${at('mine.json')} --from ${at('device.csv')}`);
    expect(code).toBe(0);
    expect(await answers('after')).toEqual(before);
    const { studies } = JSON.parse((await run('studies --format json')).stdout);
    const targets = studies.map(({ target }: { target: string }) => target);
    expect(targets).toEqual(expect.arrayContaining(['my-npu', 'my-npu-log']));
  });

  it('says where a log contradicts itself, and by how much', async () => {
    const [titles, first] = readFileSync(at('device.csv'), 'utf8').split('\n');
    const tenfold = first.replace(/[^,]*$/, (time) => String(10 * Number(time)));
    writeFileSync(at('twice.csv'), [titles, first, tenfold, ''].join('\n'));
    const { stdout } = await run(`calibrate ${at('mine.json')} --from ${at('twice.csv')} --device twice`);
    expect(stdout).toMatch(
      /the log contradicts itself: 1 call has timings far apart, at most relu 1024, twice.csv, line 2 and twice.csv, line 3, 10.0× apart/,
    );
  });

  it('fits a profile in cycles in cycles, and says by which clock it counts µs', async () => {
    const entries = [
      { id: 1, cyc: 0 },
      { id: 1, cyc: 100_000 },
    ];
    writeFileSync(at('lwp.json'), JSON.stringify({ entries }));
    const words = `calibrate ${at('mine.json')} --from ${at('lwp.json')} --kernel relu --shape 2^20 --device lwp`;
    const { stderr } = await run(words);
    expect(stderr).toMatch(
      /times in cycles are fitted in cycles; in µs they are by the target's clockGHz, 1/,
    );
  });

  it.each([
    ['calibrate MINE', /--from: is missing/],
    ['calibrate MINE --from MINE', /--from: mine.json is no log that can be read/],
    ['calibrate hexagon-v73 --from LOG -o x.json', /--output: hexagon-v73 is no file/],
    ['calibrate wasm --from LOG', /target/],
    ['calibrate BROKEN --from LOG', /calibration.sets.0: callUs cannot be '-1' \(calibrate it again\)/],
    ['calibrate SHORT --from LOG', /calibration.sets.0: has 1 numbers for 2 figures/],
    ['calibrate EMPTY --from LOG', /calibration.sets: /],
    [
      'calibrate OURS --from LOG -o x.json',
      /target: name: 'edge-2mib' is a target of nightshift, and the file/,
    ],
    ['calibrate MINE --from LOG --device my-npu', /--device: 'my-npu' is the target: measured times would/],
    [
      'calibrate MINE --from LOG --device hexagon-v73',
      /--device: name: 'hexagon-v73' is a target of nightshift/,
    ],
    ['calibrate TRUTH --from LOG', /my-npu has no figure with a range, so none can be fitted/],
  ])('refuses %s', async (line, problem) => {
    const file = JSON.parse(readFileSync(at('mine.json'), 'utf8'));
    const spoilt = (name: string, change: object) => {
      const calibration = {
        from: 'x',
        timings: 1,
        error: 0,
        figures: ['callUs', 'forkJoinUs'],
        sets: ['1 1'],
        ...change,
      };
      writeFileSync(at(name), JSON.stringify({ ...file, calibration }));
    };
    spoilt('broken.json', { sets: ['-1 1'] });
    writeFileSync(at('ours.json'), JSON.stringify({ ...file, name: 'edge-2mib' }));
    spoilt('short.json', { sets: ['1'] });
    spoilt('empty.json', { sets: [] });
    const files: Readonly<Record<string, string>> = { LOG: 'device.csv' };
    const words = line.replace(/\b[A-Z]+\b/g, (name) => at(files[name] ?? `${name.toLowerCase()}.json`));
    const { code, stderr } = await run(words);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(problem) });
  });
});
