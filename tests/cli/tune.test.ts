import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { studyDocumentSchema } from '../../src/documents/findings.ts';
import { knownOr } from '../../tuner/attribution/gain.ts';
import { systemClock } from '../../tuner/clock.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const QUICK = '--shape 65536 --strategy random --trials 40';
const folder = temporaryFolder();
const at = (name: string): string => join(folder.path, name);
const quickly = (line: string, store = 'quick.db') =>
  inProcess(line.split(' '), { NIGHTSHIFT_STORE: at(store) });
afterAll(folder.remove);

describe('tune --format json', () => {
  let printed: string;
  beforeAll(async () => {
    const { code, stdout, stderr } = await quickly(`tune gelu ${QUICK} --format json --quiet`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    printed = stdout;
  });

  it('prints one document by its schema', () => {
    const document = studyDocumentSchema.parse(JSON.parse(printed));
    expect(document.study).toMatchObject({
      kernel: 'gelu',
      shape: '65536',
      dtype: 'f32',
      target: 'hexagon-v75',
      seed: 1,
    });
    expect(document.trials.timed).toBe(40);
    expect(document.stoppedBy).toBe('trials');
    expect(document.best?.provenance).toEqual({ how: 'observed', from: 'simulator' });
    expect(knownOr(document.ladder)?.map(({ rung }) => rung)).toEqual([
      'scalar',
      'vec',
      'vec+mt',
      'vec+mt+db',
    ]);
    expect(Object.keys(document.gains)).toEqual(['vec', 'mt', 'db']);
  });

  it('never lets a higher rung be slower', () => {
    const { ladder } = studyDocumentSchema.parse(JSON.parse(printed));
    const times = (knownOr(ladder) ?? []).flatMap(({ timeUs }) => knownOr(timeUs) ?? []);
    expect(times).toHaveLength(4);
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });

  it('prints the same bytes for the same seed in a fresh store', async () => {
    const again = await quickly(`tune gelu ${QUICK} --format json --quiet`, 'other.db');
    expect(again.stdout).toBe(printed);
  });

  it('tries other configurations for another seed', async () => {
    const other = await quickly('tune gelu --shape 65536 --trials 1 --format json --quiet --seed 2');
    const { study } = studyDocumentSchema.parse(JSON.parse(other.stdout));
    expect(study.id).not.toBe(studyDocumentSchema.parse(JSON.parse(printed)).study.id);
  });
});

describe('tune as text', () => {
  it('draws gain, choices, ladder and gains by mechanism, and says that times are simulated', async () => {
    const { code, stdout } = await quickly(`tune relu ${QUICK} --quiet`);
    expect(code).toBe(0);
    expect(stdout).toContain('relu 65536 f32 on hexagon-v75 (simulated)');
    expect(stdout).toMatch(/× as fast as the default.*µs simulated/);
    expect(stdout).toContain('Ladder, simulated: everything else tuned on each rung');
    expect(stdout).toContain('Shapley share');
    expect(stdout).not.toContain('\u001b[');
  });

  it('keeps the rungs of the ladder that a fixed parameter leaves, and names the others', async () => {
    const line = 'tune gelu --fix threads=4 --strategy random --trials 80 --quiet --format json';
    const { stdout } = await quickly(line, 'fixed.db');
    const { ladder, ladderFixedTile, warnings } = studyDocumentSchema.parse(JSON.parse(stdout));
    const rungs = ['mt', 'vec+mt', 'vec+mt+db'];
    expect(knownOr(ladder)?.map(({ rung }) => rung)).toEqual(rungs);
    expect(knownOr(ladderFixedTile)?.map(({ rung }) => rung)).toEqual(rungs);
    expect(knownOr(ladder)?.every(({ configuration }) => configuration?.threads === 4)).toBe(true);
    expect(warnings.join()).toContain('has MT on, so the rungs scalar and vec do not exist');
    const { stdout: text } = await quickly('ladder gelu', 'fixed.db');
    expect(text).toMatch(/^mt .*\n\+vec .*\n\+db /m);
  });

  it('stops after so many trials without a gain', async () => {
    const line = 'tune gelu --strategy random --patience 20 --quiet --format json';
    const { code, stdout } = await quickly(line, 'patience.db');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ stoppedBy: 'stalled' });
  });

  it('counts its time from the start of the command', async () => {
    const line = 'tune relu --for 1h --quiet --format json'.split(' ');
    const env = { NIGHTSHIFT_STORE: at('late.db') };
    const begun = systemClock.elapsed() - 3_600_000;
    const { code, stdout, stderr } = await inProcess(line, env, undefined, begun);
    expect(code).toBe(6);
    expect(stderr).toContain('nothing was tried: the time was over before one configuration was timed');
    expect(JSON.parse(stdout)).toMatchObject({ stoppedBy: 'time', trials: { timed: 0 } });
  });

  it('prints progress in plain lines when piped, and the store’s path', async () => {
    const { stderr } = await quickly(`tune silu ${QUICK}`);
    expect(stderr).toMatch(/^comparing · 40 of 40 trials · best [\d.,]+ µs simulated/m);
    expect(stderr).not.toContain('\r');
    expect(stderr).not.toContain('\u001b[');
  });
});

describe('steering', () => {
  it('--fix and --values restrict the trials, but not the default', async () => {
    const steered = '--fix threads=2 --values unroll=1,4 --format json --quiet';
    const { stdout } = await quickly(`tune exp ${QUICK} ${steered}`);
    const { best, default: preferred, ladder } = studyDocumentSchema.parse(JSON.parse(stdout));
    expect(best?.configuration.threads).toBe(2);
    expect([1, 4]).toContain(best?.configuration.unroll);
    expect(preferred?.configuration.threads).toBe(1);
    expect(knownOr(ladder)?.[0]?.rung).toBe('mt');
  });

  it('--start tries a known configuration right after the default', async () => {
    const first = await quickly(`tune tanh ${QUICK} --format json --quiet`);
    const start = at('start.json');
    writeFileSync(start, first.stdout);
    const known = studyDocumentSchema.parse(JSON.parse(readFileSync(start, 'utf8'))).best?.configuration;
    await quickly(`tune tanh --shape 65536 --trials 2 --seed 9 --start ${start} --quiet`, 'start.db');
    const trials = await quickly('trials --limit 2 --format json', 'start.db');
    const { trials: listed } = JSON.parse(trials.stdout);
    expect(listed[0].origin).toBe('default');
    expect(listed[1]).toMatchObject({ origin: 'start', configuration: known });
  });
});

describe('--verify', () => {
  it('says whether what was found is faster, in the text and in the document', async () => {
    const text = await quickly(`tune gelu ${QUICK} --quiet --verify`, 'verified.db');
    expect(text.stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /The winner is faster than the default: exactly .*\. $/,
    );
    const more = 'tune gelu --shape 65536 --strategy random --trials 1 --quiet --verify --format json';
    const { stdout } = await quickly(more, 'verified.db');
    const { verification } = studyDocumentSchema.parse(JSON.parse(stdout));
    expect(verification).toMatchObject({ verdict: 'faster', by: 0, falseClaims: null });
    expect(verification?.sentence).toContain('exactly');
  });
});

describe('small spaces', () => {
  it('are searched completely', async () => {
    const fixed = '--fix vectorBytes=128 --fix unroll=1 --fix staging=direct';
    const { stdout } = await quickly(`tune relu --shape 65536 ${fixed} --format json --quiet`);
    const { stoppedBy, trials } = studyDocumentSchema.parse(JSON.parse(stdout));
    expect(stoppedBy).toBe('exhausted');
    expect(trials.timed).toBeGreaterThan(5);
  });
});
