import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { studyDocumentSchema } from '../../src/documents/findings.ts';
import { importanceDocumentSchema } from '../../src/documents/importance.ts';
import { findHexagonTools, HEXAGON_INSTALL } from '../../src/targets/npu/compiled/hexagon-tools.ts';
import { ended, start, temporaryFolder } from '../cli/command-line.fixture.ts';

const tools = await findHexagonTools();
const absent = typeof tools === 'string' ? ` (skipped: ${tools})` : '';

const folder = temporaryFolder();
afterAll(folder.remove);
const env = { ...process.env, XDG_CACHE_HOME: join(folder.path, 'cache') };
const EXAMPLE = fileURLToPath(new URL('../../examples/kernels/fixed-square.ttir', import.meta.url));
cpSync(EXAMPLE, join(folder.path, 'fixed-square.ttir'));

/** A user's own target file: a copy of one of ours under another name, with some of its fields changed. */
function ownFile(name: string, from: string, changes: Readonly<Record<string, unknown>> = {}): void {
  const path = new URL(`../../src/targets/npu/machine/data/${from}.json`, import.meta.url);
  const text = JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), name, ...changes });
  writeFileSync(join(folder.path, `${name}.json`), text);
}
ownFile('phone', 'hexagon-v73');
ownFile('edge', 'edge-2mib');
const plan = (file: string) =>
  `{"studies": [{"kernel": "gelu", "shapes": ["4096"], "targets": [{"file": "${file}", "compiled": true}]}], "budget": {"trials": 20}}`;
for (const name of ['edge', 'phone']) writeFileSync(join(folder.path, `${name}.yaml`), plan(`${name}.json`));

const run = (line: string, change: Readonly<Record<string, string>> = {}) =>
  ended(start(line.split(' '), { cwd: folder.path, env: { ...env, ...change } }));

const LABEL = 'simulated, compute compiled by clang 19.1.7';

describe('--compiled without its programs', () => {
  it('says in one message what to install, and so does doctor', async () => {
    const bare = { PATH: join(folder.path, 'nothing') };
    const { code, stderr } = await run('tune gelu --target hexagon-v73 --compiled', bare);
    expect(code).toBe(2);
    expect(stderr).toContain('clang-19, llvm-objdump-19, ld.lld-19, qemu-hexagon are not installed');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(HEXAGON_INSTALL);
    expect(existsSync(join(folder.path, 'nightshift.db'))).toBe(false);
    expect((await run('doctor', bare)).stdout).toContain(HEXAGON_INSTALL);
  });

  it.each([
    ['tune gelu --target wasm --compiled', '--compiled: no code can be compiled for wasm'],
    ['tune gelu --target ./edge.json --compiled', 'edge.json: names no processor to compile for'],
    ['submit edge.yaml --dry-run', 'names no processor to compile for'],
    ['trace gelu --target hexagon-v73-compiled', 'asks a machine that is simulated in all'],
    ['trace gelu --target ./phone.json --compiled', 'asks a machine that is simulated in all'],
    [
      'best gelu --target ./phone.json --compiled --what-if gate=off',
      'asks a machine that is simulated in all',
    ],
  ])('refuses %s', async (line, message) => {
    const { code, stderr } = await run(line);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });
});

describe.skipIf(absent !== '')(`--compiled${absent}`, () => {
  it('labels every time by the compiler, and keeps results apart from those that are simulated in all', async () => {
    const line = 'tune gelu --shape 4096 --target hexagon-mlir --compiled --trials 20 --quiet';
    const tuned = await run(line);
    expect({ code: tuned.code, stderr: tuned.stderr }).toEqual({ code: 0, stderr: '' });
    expect(tuned.stdout).toContain(`gelu 4096 f32 on hexagon-mlir-compiled (${LABEL})`);
    const again = await run(`${line.replace('20', '1')} --format json`);
    const { winner, study } = studyDocumentSchema.parse(JSON.parse(again.stdout));
    expect(winner?.provenance).toEqual({ how: 'observed', from: 'compiled' });
    expect(study.target).toBe('hexagon-mlir-compiled');
    const best = await run('best gelu --shape 4096 --target hexagon-mlir');
    expect(best.stdout).toContain('there is no result for this kernel on this target');
    expect(best.stdout).not.toContain('compiled');
    await run('report --html report.html --quiet');
    await run('export --format json,c-header,hexagon-mlir -o out --quiet');
    const { readdirSync } = await import('node:fs');
    const files = readdirSync(join(folder.path, 'out')).map((name) =>
      readFileSync(join(folder.path, 'out', name), 'utf8'),
    );
    expect(files).toHaveLength(3);
    for (const text of files) expect(text).toMatch(/clang 19\.1\.7|"compiled"/);
    expect(readFileSync(join(folder.path, 'report.html'), 'utf8')).toContain(LABEL);
  });

  it('tunes on a user’s own file, each content of it another target', async () => {
    const line = 'gelu --shape 4096 --target phone.json';
    const tuned = await run(`tune ${line} --compiled --trials 20 --quiet`);
    expect({ code: tuned.code, stderr: tuned.stderr }).toEqual({ code: 0, stderr: '' });
    expect(tuned.stdout).toContain(`gelu 4096 f32 on phone-compiled (${LABEL})`);
    expect((await run(`best ${line} --compiled`)).stdout).toContain(LABEL);
    expect((await run(`why ${line} --compiled`)).stdout).toContain('phone-compiled');
    expect((await run(`best ${line}`)).stdout).toContain('there is no result for this kernel on this target');
    const planned = await run('submit phone.yaml --dry-run --format json');
    expect(planned.stdout).toContain('"target": "phone-compiled"');
    expect(planned.stdout).toContain('"settled": 20');
    ownFile('phone', 'hexagon-v73', { contexts: { value: 3, source: 'a guess' } });
    const other = await run(`best ${line} --compiled`);
    ownFile('phone', 'hexagon-v73');
    expect(other.stdout).toContain('there is no result for this kernel on this target');
  });

  it('gives no importance to an option that changed nothing in the code', async () => {
    const line = 'vector-add --shape 64x512 --target hexagon-mlir --compiled';
    // So few codes that all are compiled.
    const fixed = '--fix pipeliner=on --fix scheduling=both-ways --fix alignment=vectors';
    expect((await run(`tune ${line} ${fixed} --trials 200 --quiet`)).code).toBe(0);
    const told = await run(`importance ${line} --format json`);
    const { idle, parameters, interactions } = importanceDocumentSchema.parse(JSON.parse(told.stdout));
    expect(idle).toContain('vectorCombine');
    const named = [...parameters.map(({ name }) => name), ...interactions.flatMap(({ names }) => names)];
    expect(named.filter((name) => idle.includes(name))).toEqual([]);
    expect(named).toContain('vectorBytes');
    expect((await run(`importance ${line}`)).stdout).toMatch(
      /vectorCombine.* changed nothing in the compiled code/,
    );
  });

  it('goes beyond the compiler that a target stands for', async () => {
    const line =
      'tune relu --shape 4096 --target hexagon-mlir --compiled --beyond-compiler --trials 8 --quiet';
    expect((await run(line)).stdout).toContain('on hexagon-mlir-beyond-compiled');
  });

  it('finds what clang makes wrong, and the faster code beside it', async () => {
    const line =
      'tune fixed-square.ttir --shape 65536 --target hexagon-mlir --compiled --trials 60 --quiet --format json';
    const { code, stdout } = await run(line);
    expect(code).toBe(0);
    const { trials, best } = studyDocumentSchema.parse(JSON.parse(stdout));
    expect(trials.invalid.correctness).toBeGreaterThan(0);
    expect(best?.configuration).toMatchObject({ vectorBytes: 128, vectorCombine: 'off' });
  });
});
