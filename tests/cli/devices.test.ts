import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { studyDocumentSchema } from '../../src/documents/findings.ts';
import { knownOr } from '../../tuner/attribution/gain.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const at = (name: string): string => join(folder.path, name);

/** Runs a line with a store of this name; `@` in it is the folder. */
const nightshift = (line: string, store = 'nightshift.db') =>
  inProcess(line.replaceAll('@', folder.path).split(' '), { NIGHTSHIFT_STORE: at(store) });

const SPACE = {
  parameters: [
    { name: 'threads', values: [1, 2], tag: 'mt', off: 1 },
    { name: 'tile', values: [8, 16, 32] },
  ],
  constraints: ['threads * tile <= 48'],
  default: { threads: 1, tile: 16 },
};

/** A noisy program, slow with one configuration and broken with another. */
const SCRIPT = `#!/bin/sh
case "$1,$2" in
  2,8) echo "out of memory" >&2; exit 7 ;;
  1,32) sleep 60 ;;
esac
noise=$(od -An -N1 -tu1 /dev/urandom)
echo "warmed up"
echo "{\\"timeUs\\": $((200000 / $1 - 1000 * $2 + noise))}"
`;

beforeAll(() => {
  writeFileSync(at('mine.json'), JSON.stringify(SPACE));
  writeFileSync(at('measure.sh'), SCRIPT);
  chmodSync(at('measure.sh'), 0o755);
});

it('refuses a space with a name that no placeholder can have', async () => {
  const file = at('words.json');
  writeFileSync(file, JSON.stringify({ parameters: [{ name: 'größe', values: [1, 2] }] }));
  const { code, stderr } = await nightshift(`tune --space ${file} --target command -- echo 5`);
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining("the name 'größe'") });
});

describe('tune --target command', () => {
  const line =
    'tune --space @/mine.json --target command:board --timeout 2s --quiet --format json --strategy random';

  it('measures with the user’s program, and reports failures, time-outs and the winner', async () => {
    const { code, stdout, stderr } = await nightshift(`${line} -- @/measure.sh {threads} {tile}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const document = studyDocumentSchema.parse(JSON.parse(stdout));
    expect(document.study).toMatchObject({ kernel: 'mine', shape: '-', dtype: '-', target: 'board' });
    expect(document.trials).toMatchObject({ timed: 3, invalid: { timeout: 1, runtime: 1 } });
    expect(document.default?.configuration).toEqual({ threads: 1, tile: 16 });
    expect(document.best?.configuration).toEqual({ threads: 2, tile: 16 });
    expect(document.best?.provenance).toEqual({ how: 'observed', from: 'device' });
    expect(knownOr(document.gains.mt?.alone)?.value).toBeGreaterThan(1.9);
  });

  it('continues the study, and begins another for other firmware', async () => {
    const same = await nightshift(`${line} -- @/measure.sh {threads} {tile}`);
    const other = await nightshift(`${line} --trials 1 --firmware 7.2 -- @/measure.sh {threads} {tile}`);
    const [first, second] = [same, other].map(({ stdout }) => studyDocumentSchema.parse(JSON.parse(stdout)));
    expect(first.trials.timed).toBe(3);
    expect(second.trials.timed).toBe(1);
  });

  it('never mixes the results of two devices behind the same program', async () => {
    const own = 'phones.db';
    const script = (timeUs: number) =>
      writeFileSync(at('dev.sh'), `#!/bin/sh\necho ${timeUs}\n`, { mode: 0o755 });
    const tuned = async (target: string, timeUs: number) => {
      script(timeUs);
      const words = `tune --space @/mine.json --target ${target} --trials 2 --quiet --strategy random`;
      const { stdout } = await nightshift(`${words} --format json -- @/dev.sh {threads} {tile}`, own);
      return studyDocumentSchema.parse(JSON.parse(stdout)).study.id;
    };
    const a = await tuned('command:phoneA', 100);
    const b = await tuned('command:phoneB', 700);
    expect(b).not.toBe(a);
    expect(await tuned('command', 900)).not.toBe(a);
    expect(await tuned('command:phoneA', 100)).toBe(a);
    for (const [target, timeUs] of [
      ['phoneA', 100],
      ['phoneB', 700],
      ['command', 900],
    ]) {
      const { stdout } = await nightshift(`best mine --target ${target} --format json`, own);
      expect(JSON.parse(stdout)).toMatchObject({ target, timeUs });
    }
  });
});

describe('tune --target replay', () => {
  it('answers from a measured table', async () => {
    const table = {
      name: 'toy',
      kernel: 'gemm',
      device: 'GTX 1',
      objective: 'time_ms',
      params: [
        { name: 'block', values: [16, 32] },
        { name: 'unroll', values: [1, 2] },
      ],
      rows: [
        [16, 1, 3],
        [16, 2, 2],
        [32, 1, null],
        [32, 2, 1.5],
      ],
    };
    writeFileSync(at('toy.json.gz'), gzipSync(JSON.stringify(table)));
    const { stdout } = await nightshift(
      'tune --target replay:@/toy.json.gz --format json --quiet',
      'replay.db',
    );
    const document = studyDocumentSchema.parse(JSON.parse(stdout));
    expect(document.study).toMatchObject({ kernel: 'gemm', target: 'GTX 1' });
    expect(document.best).toMatchObject({ timeUs: 1500, provenance: { from: 'replay' } });
    expect(document.trials).toMatchObject({ timed: 3, invalid: { runtime: 1 } });
    writeFileSync(at('other.json'), JSON.stringify({ ...table, device: 'GTX 2' }));
    const other = await nightshift('tune --target replay:@/other.json --format json --quiet', 'replay.db');
    const { study } = studyDocumentSchema.parse(JSON.parse(other.stdout));
    expect(study).toMatchObject({ kernel: 'gemm', target: 'GTX 2' });
    expect(study.id).not.toBe(document.study.id);
  });
});

describe('invalid options', () => {
  it.each([
    ['tune --target command -- ./m', '--space: is missing'],
    ['tune --space @/mine.json --target command', '--target command: needs the program after --'],
    ['tune --space @/mine.json --target command -- ./m {tile}', '--: has no {threads}'],
    ['tune --space @/mine.json --target command -- ./m {threads} {title}', 'did you mean {tile}?'],
    ['tune --space none.json --target command -- ./m', '--space: none.json: there is no such file'],
    ['tune gelu --space @/mine.json', "--space: is not for target 'hexagon-v75'"],
    ['tune gelu -- ./m', "--: target 'hexagon-v75' runs no program"],
    ['tune --target replay:none.gz', 'none.gz: there is no such file'],
    ['best gelu --target command', "target: 'command' runs no kernel of ours"],
    ['kernels -- x', '-- x: takes no words after --'],
  ])('%s', async (line, complaint) => {
    const { code, stderr } = await nightshift(line);
    expect(stderr).toContain(complaint);
    expect(code).toBe(2);
  });
});
