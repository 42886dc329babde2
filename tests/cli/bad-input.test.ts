import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nightshift, temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const folder = temporaryFolder();
const options = { cwd: folder.path };
afterAll(folder.remove);

beforeAll(() => {
  const write = (name: string, text: string) => writeFileSync(join(folder.path, name), text);
  write('broken.json', '{"name": "mine",');
  write('wrong.json', '{"schemaVersion": 1, "name": "mine"}');
  write('endless.json', '{"schemaVersion": 1e999}');
  write('broken.ttir', 'module {\n  tt.func public @k(%a: !tt.ptr<f32>) {\n    tt.nonsense %a\n');
  write('not-a-store.db', 'this is no database, but long enough to look like one. '.repeat(50));
  write('empty.json', '[]');
  write('start.json', '{"threads": 99}');
  execFileSync('mkfifo', [join(folder.path, 'pipe')]);
});

/** A line, its exit code, and a pattern for the one sentence on stderr. */
const cases: readonly (readonly [line: string, code: number, sentence: RegExp])[] = [
  ['tune gelo', 2, /unknown kernel 'gelo' \(did you mean 'gelu'\?\)/],
  ['tune gelu --target hexagon-v57', 2, /unknown target 'hexagon-v57' \(did you mean 'hexagon-v7/],
  ['tune gelu --target @/absent.json', 2, /absent\.json/],
  ['tune gelu --target @/broken.json', 2, /broken\.json: is not JSON/],
  ['tune gelu --target @/wrong.json', 2, /wrong\.json: \w+/],
  ['targets @/endless.json', 2, /target: \S+endless\.json: \w+: (?:is missing|got)/],
  ['tune gelu --shape 12by4', 2, /shape/],
  ['tune gelu --shape 2^80', 2, /shape: '2\^80' is too large \(.*2\^53/],
  ['tune gelu --store @', 3, /is a folder/],
  ['studies --store @/no/such.db', 3, /no does not exist/],
  ['tune gelu --start @/empty.json', 2, /empty\.json contains no configuration/],
  ['tune gelu --start @/start.json', 2, /threads.*99/],
  ['tune softmax --shape 1024', 2, /softmax cannot have the shape 1024: it takes RxC/],
  ['tune gelu --dtype f23', 2, /unknown dtype 'f23' \(did you mean 'f(32|16)'/],
  ['tune gelu --fix thread=4', 2, /--fix: unknown parameter 'thread' \(did you mean 'threads'\?\)/],
  ['tune gelu --fix threads=99', 2, /: --fix: threads: cannot be '99'/],
  ['tune gelu --values threads=99', 2, /: --values: threads: cannot be '99'/],
  [
    'tune gelu --fix staging=direct --fix buffers=2',
    2,
    /--fix: staging=direct buffers=2 leaves no configuration: more than one buffer needs DMA \(loosen/,
  ],
  [
    'tune gelu --fix unit=matrix',
    2,
    /--fix: unknown parameter 'unit' \(the matrix unit is for products of 16-bit/,
  ],
  [
    'simulate matmul --dtype f16 --target hexagon-mlir --set unit=matrix',
    2,
    /hexagon-mlir has no matrix unit/,
  ],
  [
    'space gelu --target hexagon-mlir --fix pipeliner=on',
    2,
    /--fix: .*'pipeliner' \(.* with --compiled only\)/,
  ],
  [
    'tune matmul --dtype f16 --target hexagon-v75 --compiled --fix unit=matrix',
    2,
    /no code for the matrix unit is compiled: leave --compiled out/,
  ],
  ['tune gelu --target hexagon-v57 --compiled', 2, /unknown target 'hexagon-v57' \(did you mean 'hexagon-v7/],
  ['tune gelu --strategy randm', 2, /unknown strategy 'randm' \(did you mean 'random'\?\)/],
  ['tune gelu --seed 1.5', 2, /--seed: expected a whole number from 0, got '1\.5'/],
  ['tune gelu --trials 0', 2, /--trials: expected a whole number from 1/],
  ['tune gelu --for soon', 2, /--for: 'soon' is not a duration/],
  ['tune gelu --patience none', 2, /--patience: expected a whole number/],
  ['tune gelu --shapes 8,x', 2, /shape: expected whole numbers/],
  ['tune gelu --shape 8 --shapes 9', 2, /--shapes: is given with --shape/],
  ['tune gelu --build cc', 2, /--build: is not for target 'hexagon-v75'/],
  ['tune gelu --serve', 2, /--serve: is not for target/],
  ['tune gelu --format yaml', 2, /--format: 'yaml' is not one of text, json/],
  ['tune gelu --start @/absent.json', 2, /--start: .*absent\.json: there is no such file/],
  ['tune @/absent.ttir', 2, /absent\.ttir: there is no such file/],
  ['tune @/broken.ttir', 2, /broken\.ttir/],
  ['tune gelu --store @/not-a-store.db', 3, /not-a-store\.db is damaged or not a nightshift store/],
  ['studies --store @/not-a-store.db', 3, /not-a-store\.db is damaged/],
  ['best gelo', 2, /did you mean 'gelu'/],
  ['ladder gelu', 6, /no store|no study/],
  ['trials --study abc --store @/never.db', 6, /never\.db/],
  ['tune gelu --start @/pipe', 2, /--start: .*pipe: it is a named pipe, .* \(give \/dev\/stdin < .*pipe\)/],
  ['tune gelu --target @/pipe', 2, /pipe: it is a named pipe/],
  ['import @/pipe', 2, /pipe: it is a named pipe/],
  ['simulate gelu --set tile=3', 2, /--set: tile: cannot be '3'/],
  ['simulate gelu --set threads', 2, /--set: 'threads' has no '=' \(write it like threads=4\)/],
  ['ab gelu --a = --b threads=4', 2, /--a: '=' has no parameter before '='/],
  ['ab gelu --a threads=4 --b lanes=4', 2, /--b: unknown parameter 'lanes' \(one of: /],
  [
    'simulate gelu --set staging=copy --set buffers=2',
    2,
    /buffers: cannot be 2 here: more than one buffer needs DMA/,
  ],
  ['simulate gelu --what-if write-back=never', 2, /unknown habit or figure 'write-back'/],
  ['best gelu --what-if clockGHz=100', 2, /clockGHz cannot be '100' \(it takes 0.05 to 10\)/],
  ['best gelu --robust --what-if contexts=4', 2, /excludes --shapes and --robust/],
  ['best gelu --target wasm --what-if contexts=4', 2, /'wasm' is no simulated target/],
  ['scaling gelu --sizes 64..8', 2, /--sizes.*write 8\.\.64/],
  ['scaling gelu --mechanism simd', 2, /--mechanism: 'simd' is not one of vec, mt, db/],
  ['import @/broken.ttir', 2, /broken\.ttir/],
  ['kernel hide gelu', 2, /unknown verb 'hide'/],
  ['tun gelu', 2, /tun: unknown command \(did you mean tune\?\)/],
  ['tune gelu --shpe 4', 2, /--shpe: unknown option \(did you mean --shape\?\)/],
  ['tune gelu relu', 2, /relu: unexpected word/],
  ['tune', 2, /kernel: is missing \(`nightshift kernels` lists them\)/],
  ['simulate', 2, /a name is missing/],
];

/** '@' is the folder of this test. */
const inFolder = (line: string): readonly string[] =>
  line.replaceAll('@', folder.path).split(' ').filter(Boolean);

describe('bad input gets one sentence, its exit code, and leaves nothing behind', () => {
  it.each(cases)('nightshift %s', async (line, code, sentence) => {
    const before = readdirSync(folder.path);
    const end = await inProcess(inFolder(line), { NIGHTSHIFT_STORE: join(folder.path, 'never.db') });
    expect(end.stderr).toMatch(/^nightshift: .+\n$/);
    expect(end.stderr).toMatch(sentence);
    expect({ code: end.code, stdout: end.stdout }).toEqual({ code, stdout: '' });
    expect(readdirSync(folder.path)).toEqual(before);
  });

  it('so does the binary', async () => {
    const end = await nightshift('tune gelo', options);
    expect(end).toEqual({
      code: 2,
      stdout: '',
      stderr: "nightshift: kernel: unknown kernel 'gelo' (did you mean 'gelu'?)\n",
    });
  });
});

it('names a target file as the user wrote its path', async () => {
  const path = relative(process.cwd(), join(folder.path, 'wrong.json'));
  const plan = join(folder.path, 'plan.json');
  writeFileSync(plan, JSON.stringify({ studies: [{ kernel: 'gelu' }], targets: ['wrong.json'] }));
  const plainly = await inProcess(['simulate', 'gelu', '--target', path], {});
  expect(plainly.stderr).toMatch(
    new RegExp(`^nightshift: target: ${path.replaceAll('.', '\\.')}: description`),
  );
  const planned = await inProcess(['submit', plan, '--dry-run'], {});
  expect(planned.stderr).toContain(`target: ${join(folder.path, 'wrong.json')}: description`);
});
