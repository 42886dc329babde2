import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { host, measurements } from '../../src/targets/npu/simulator/host/host.fixture.ts';
import { hostFile } from '../../src/targets/wasm/host-file.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const folder = temporaryFolder();
const file = join(folder.path, 'made-up.json');
const env = { NIGHTSHIFT_STORE: join(folder.path, 'store.db') };
/** Real trials, on a machine that may be busy. */
const PATIENCE_MS = 120_000;
const QUESTION = 'tune relu --shape 4096 --target wasm --fix threads=1 --values staging=direct,copy';
const tune = (more: string) => inProcess(`${QUESTION} --quiet ${more}`.split(' '), env);
afterAll(folder.remove);

beforeAll(() => writeFileSync(file, JSON.stringify(hostFile(host, measurements))));

describe('tune --screen', () => {
  it(
    'tries first what the simulator thinks fast, and answers with what was measured',
    async () => {
      const { code, stdout } = await tune(`--screen ${file} --trials 6 --format json`);
      expect(code).toBe(0);
      const document = JSON.parse(stdout);
      expect(document.warnings.join()).toContain('Screened by the simulator (wasm-host)');
      expect(document.best.provenance).toEqual({ how: 'observed', from: 'wasm' });
      const listed = await inProcess(['trials', '--format', 'json', '--study', document.study.id], env);
      const { trials } = JSON.parse(listed.stdout);
      const origins = trials.map(({ origin }: { origin: string }) => origin);
      expect(origins.slice(0, 3)).toEqual(['default', 'prior', 'prior']);
    },
    PATIENCE_MS,
  );

  it(
    'stays screened when the study goes on, whatever is asked then',
    async () => {
      const { stdout } = await tune('--trials 3 --format json');
      expect(JSON.parse(stdout).warnings.join()).toContain('Screened by the simulator (wasm-host)');
    },
    PATIENCE_MS,
  );

  it(
    'is refused for a study that was begun without',
    async () => {
      expect((await tune('--seed 2 --trials 3')).code).toBe(0);
      const { code, stderr } = await tune(`--seed 2 --screen ${file} --trials 3`);
      expect(code).toBe(2);
      expect(stderr).toMatch(/--screen: study \w+ was begun without \(another --seed begins another study\)/);
    },
    PATIENCE_MS,
  );

  it.each([
    [
      'tune gelu --screen simulator',
      /--screen: nothing simulates 'hexagon-v75' for it \(it takes --target wasm\)/,
    ],
    ['tune gelu --target wasm --screen hexagon-v75', /--screen: hexagon-v75 describes no host/],
    ['tune gelu --target wasm --screen @/absent.json', /absent\.json: there is no such file/],
    ['tune --target replay:x.json --screen simulator', /replay|x\.json/],
  ])('%s is refused in one sentence', async (line, sentence) => {
    const { code, stderr } = await inProcess(line.replace('@', folder.path).split(' '), env);
    expect(code).toBe(2);
    expect(stderr).toMatch(sentence);
  });
});
