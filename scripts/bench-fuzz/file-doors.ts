import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildHere } from '../../search-space/define-space.ts';
import { keepStudy } from '../../src/ask/open-study.ts';
import { resolveStudy } from '../../src/ask/resolve-study.ts';
import { studySpecSchema } from '../../src/ask/study-spec.ts';
import { cFileAt } from '../../src/cli/options/c-file.ts';
import { readResults } from '../../src/cli/results-file.ts';
import { readStart } from '../../src/cli/start-file.ts';
import { ownRecord } from '../../src/importers/own-record.ts';
import { importTorchInductorCache } from '../../src/importers/torchinductor/import-cache.ts';
import { cProgram } from '../../src/targets/command/c-file/c-program.ts';
import { loadReplayTable } from '../../src/targets/replay/table.ts';
import { readJson } from '../../src/text/read-json.ts';
import { IN_MEMORY, openStore } from '../../store/open-store.ts';
import { cache, t1, t4, table, textOf } from './examples.ts';
import type { Door, OpenDoor } from './fuzz.ts';

const INPUT = 'input.json';

/** The door of a parser of folders; `write` writes the input into the folder. */
function readingFolder(
  name: string,
  examples: () => readonly string[] | Promise<readonly string[]>,
  write: (folder: string, text: string) => void,
  read: (folder: string) => unknown,
): Door {
  const open = async (): Promise<OpenDoor> => {
    const folder = mkdtempSync(join(tmpdir(), 'nightshift-fuzz-'));
    const enter = async (text: string): Promise<boolean> => {
      write(folder, text);
      await read(folder);
      return true;
    };
    const close = async (): Promise<void> => rmSync(folder, { recursive: true });
    return { examples: await examples(), enter, close };
  };
  return { name, open };
}

/** The door of a parser of files; the input is written to a file. */
function readingFile(name: string, examples: readonly unknown[], read: (path: string) => unknown): Door {
  return readingFolder(
    name,
    () => examples.map((example) => JSON.stringify(example)),
    (folder, text) => writeFileSync(join(folder, INPUT), text),
    (folder) => read(join(folder, INPUT)),
  );
}

const described = { name: 'k', shape: [64], device: 'board' };
const results = (path: string): unknown => readResults(path, described, undefined, 'fuzz', buildHere);

/** Exported T1 and T4 files with nightshift's own record of their study. */
async function exported(): Promise<readonly string[]> {
  const spec = { kernel: { kind: 'named', name: 'gelu' }, target: { kind: 'named', name: 'edge-2mib' } };
  const resolved = await resolveStudy(studySpecSchema.parse(spec));
  const store = await openStore(IN_MEMORY, { mode: 'write', clock: Date, writer: { role: 'fuzz' } });
  const { id } = await keepStudy(resolved, store, 'fuzz');
  const study = await store.study(id);
  await store.close();
  if (study === undefined) throw new Error('the study was not kept');
  const own = ownRecord(resolved.kernel, resolved.target, study);
  const timed = { ...t4.results[0], configuration: study.defaultConfiguration };
  const files = [
    { ...t1, Nightshift: own },
    { ...t4, nightshift: own, results: [timed] },
  ];
  return files.map((file) => JSON.stringify(file));
}

/** The line between the wrapper and the kernels of a cache, which are one text for mutation. */
const CUT = '\n==== the next file ====\n';
const cacheText = [textOf('wrapper.py.txt'), ...['add.ttir', 'layer-norm.ttir'].map(textOf)].join(CUT);

function writeCache(folder: string, text: string): void {
  const [wrapper, ...kernels] = text.split(CUT);
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  writeFileSync(join(folder, 'wrapper.py'), wrapper);
  for (const [place, kernel] of kernels.entries())
    writeFileSync(join(folder, `triton_poi_fused_add_${place}.ttir`), kernel);
}

/** Gzipped files as text, with a character for each byte. */
const packed = (): readonly string[] =>
  [t1, t4].map((data) => gzipSync(JSON.stringify(data)).toString('latin1'));

const C_FILE = `#ifndef TILE
#define TILE 8 // nightshift vec: 8, 16 when ORDER != ROWS
#endif
#ifndef ORDER
#define ORDER ROWS /* nightshift: ROWS, COLUMNS */
#endif
// nightshift: TILE < 32 && TILE > 2
static int twice(int a) { return 2 * a; }
float input(int n, double by, const float x[restrict n * TILE], float y[n][2]) { return twice(n) * by; }
`;

/** The doors of all parsers that open files themselves. */
export const fileDoors: readonly Door[] = [
  readingFile('results: T1', [t1], results),
  readingFile('results: T4', [t4], results),
  readingFile('results: Kernel Tuner', [cache], results),
  readingFolder(
    'results: our own export',
    exported,
    (folder, text) => writeFileSync(join(folder, INPUT), text),
    (folder) => results(join(folder, INPUT)),
  ),
  readingFolder(
    'results: packed',
    packed,
    (folder, text) => writeFileSync(join(folder, INPUT), text, 'latin1'),
    (folder) => results(join(folder, INPUT)),
  ),
  readingFolder(
    'JSON: packed',
    packed,
    (folder, text) => writeFileSync(join(folder, INPUT), text, 'latin1'),
    (folder) => readJson('--space', join(folder, INPUT)),
  ),
  readingFile('replay table', [table], loadReplayTable),
  readingFile('start file', [{ threads: 4 }, [{ a: 1 }], { best: { configuration: { a: 'x' } } }], readStart),
  readingFolder(
    'C file',
    () => [C_FILE],
    (folder, text) => writeFileSync(join(folder, 'input.c'), text),
    (folder) => cProgram({ file: cFileAt(join(folder, 'input.c')), compiler: ['cc'] }),
  ),
  readingFolder('Inductor cache', () => [cacheText], writeCache, importTorchInductorCache),
];
