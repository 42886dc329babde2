import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { studyDocumentSchema } from '../../src/documents/findings.ts';
import { spaceDocumentSchema } from '../../src/documents/space.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const env = { NIGHTSHIFT_STORE: join(folder.path, 'store.db') };
const run = (...words: readonly string[]) => inProcess(words, env);
const gelu = ['gelu', '--shape', '4096'];

async function tuned(trials: number, ...words: readonly string[]) {
  const how = ['--strategy', 'random', '--trials', `${trials}`, '--quiet', '--format', 'json'];
  const { code, stdout } = await run('tune', ...gelu, ...how, ...words);
  expect(code).toBe(0);
  return studyDocumentSchema.parse(JSON.parse(stdout)).study;
}

async function sizeOf(...words: readonly string[]) {
  const { stdout } = await run('space', ...words, '--format', 'json');
  return spaceDocumentSchema.parse(JSON.parse(stdout)).size;
}

describe('tune --forbid', () => {
  it('tries nothing that is forbidden, in any order of the words, and says so everywhere', async () => {
    const forbidden = ['--forbid', 'threads > 2', '--forbid', "staging == 'dma' and buffers > 1"];
    const study = await tuned(30, ...forbidden);
    expect(study.restrictedTo).toBe("not(staging == 'dma' and buffers > 1) not(threads > 2)");
    const again = await tuned(1, '--forbid', "staging == 'dma' and buffers > 1", '--forbid', ' threads > 2 ');
    expect(again.id).toBe(study.id);
    expect((await tuned(1)).id).not.toBe(study.id);
    expect((await tuned(1, '--forbid', 'threads > 2')).id).not.toBe(study.id);

    const { stdout } = await run('trials', '--study', study.id, '--format', 'csv');
    const [head, ...rows] = stdout.trim().split('\n');
    const column = head.split(',').indexOf('threads');
    expect(rows.length).toBeGreaterThan(20);
    // The default is tried although it has more threads.
    const threads = rows.map((row) => Number(row.split(',')[column]));
    expect(threads.filter((count) => count > 2).length).toBeLessThanOrEqual(1);

    expect((await run('studies')).stdout).toContain('not(threads > 2)');
    const md = join(folder.path, 'report.md');
    await run('report', '--md', md, '--study', study.id);
    expect(readFileSync(md, 'utf8')).toMatch(
      /--forbid 'staging == .* and buffers > 1' --forbid ' ?threads > 2 ?' --strategy/,
    );
  });

  it('is refused where it cannot be read, and where it leaves nothing', async () => {
    const refused = async (text: string) => {
      const { code, stderr } = await run('tune', ...gelu, '--forbid', text);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await refused('thread == 3')).toMatch(/forbid: .*'thread'/);
    expect(await refused('threads ==')).toContain('forbid: ');
    expect(await refused(' ')).toContain('--forbid: is empty');
    expect(await refused('threads >= 1')).toContain('forbid: not(threads >= 1) leaves no configuration');
  });
});

describe('space --forbid', () => {
  it('counts what is left, of a library kernel, with other steering, and of a file', async () => {
    const all = await sizeOf(...gelu);
    const three = await sizeOf(...gelu, '--fix', 'threads=3');
    expect(await sizeOf(...gelu, '--forbid', 'threads == 3')).toBe(all - three);
    expect(await sizeOf(...gelu, '--values', 'threads=3,4', '--forbid', 'threads == 4')).toBe(three);
    const file = join(folder.path, 'mine.json');
    const parameters = [{ name: 'tile', values: [8, 16, 32] }];
    writeFileSync(file, JSON.stringify({ parameters }));
    expect(await sizeOf(file, '--forbid', 'tile == 16')).toBe(2);
  });

  it('excludes rows of a table', async () => {
    const params = [{ name: 'block', values: [16, 32, 64] }];
    const rows = [
      [16, 3],
      [32, 2],
      [64, 1],
    ];
    const table = join(folder.path, 'table.json');
    const device = { name: 't', kernel: 'gemm', device: 'GPU', objective: 'time_ms' };
    writeFileSync(table, JSON.stringify({ ...device, params, rows }));
    const words = ['--target', `replay:${table}`, '--forbid', 'block == 64', '--quiet', '--format', 'json'];
    const { stdout } = await run('tune', ...words);
    expect(JSON.parse(stdout)).toMatchObject({
      study: { restrictedTo: 'not(block == 64)' },
      winner: { configuration: { block: 32 } },
    });
    const dry = await run('tune', ...words, '--dry-run');
    const { size, constraints } = spaceDocumentSchema.parse(JSON.parse(dry.stdout));
    expect({ size, constraints }).toMatchObject({
      size: 2,
      constraints: [{ alone: { count: '1', of: '3' } }],
    });
  });
});

it('compare and scaling say what a study was restricted to', async () => {
  const only = 'threads=1';
  const fixed = await tuned(8, '--fix', only);
  const whole = await tuned(8, '--seed', '7');
  const compared = await run('compare', fixed.id, whole.id);
  expect(compared.stdout).toContain(`gelu 4096 f32 on hexagon-v75, before: only ${only} was searched.`);
  expect(compared.stdout).not.toContain('after: only');
  const document = JSON.parse((await run('compare', fixed.id, whole.id, '--format', 'json')).stdout);
  expect(document.rows[0]).toMatchObject({ before: { restrictedTo: only }, after: { restrictedTo: '' } });
  const scaled = await run(
    ...'scaling gelu --sizes 2^10..2^11 --fix threads=1 --trials 20 --strategy random --quiet'.split(' '),
  );
  expect(scaled.stdout).toMatch(
    /^Gain of MT against size: gelu f32 on hexagon-v75 \(simulated\), only threads=1$/m,
  );
});
