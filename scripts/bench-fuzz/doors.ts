import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { heldWords } from '../../search-space/assignment.ts';
import { parseConstraint } from '../../search-space/parse-constraint.ts';
import { readSpaceFile } from '../../search-space/space-file.ts';
import { parseValueList } from '../../search-space/values-text.ts';
import { parsePlan } from '../../src/ask/plan.ts';
import { plannedStudies } from '../../src/ask/planned-studies.ts';
import { readResults } from '../../src/cli/results-file.ts';
import { readStart } from '../../src/cli/start-file.ts';
import { launchesOf } from '../../src/importers/torchinductor/wrapper.ts';
import { importTtir } from '../../src/importers/ttir/import-ttir.ts';
import { parseKernel, serializeKernel } from '../../src/kernels/json.ts';
import { libraryKernels } from '../../src/kernels/library.ts';
import { parseShape } from '../../src/kernels/shape.ts';
import { parseTarget } from '../../src/targets/npu/machine/load.ts';
import { loadReplayTable } from '../../src/targets/replay/table.ts';
import { parseDuration } from '../../src/text/duration.ts';
import { parseJson } from '../../src/text/parse-json.ts';
import type { Door, OpenDoor } from './fuzz.ts';

/** The door of a parser of text. */
function reading(name: string, examples: readonly string[], read: (text: string) => unknown): Door {
  const enter = (text: string): boolean => {
    read(text);
    return true;
  };
  return { name, open: async () => ({ examples, enter }) };
}

/** The door of a parser of data, reached through the JSON parser. */
function readingData(name: string, examples: readonly unknown[], read: (data: unknown) => unknown): Door {
  const texts = examples.map((example) => JSON.stringify(example));
  return reading(name, texts, (text) => read(parseJson(name, text)));
}

/** The door of a parser of files; the input is written to a file. */
function readingFile(name: string, examples: readonly unknown[], read: (path: string) => unknown): Door {
  const open = async (): Promise<OpenDoor> => {
    const folder = mkdtempSync(join(tmpdir(), 'nightshift-fuzz-'));
    const path = join(folder, 'input.json');
    const enter = async (text: string): Promise<boolean> => {
      writeFileSync(path, text);
      await read(path);
      return true;
    };
    const close = async (): Promise<void> => rmSync(folder, { recursive: true });
    return { examples: examples.map((example) => JSON.stringify(example)), enter, close };
  };
  return { name, open };
}

const parameters = [
  { name: 'tile', values: [8, 16, 32], tag: 'schedule' },
  { name: 'threads', values: [1, 2, 4], tag: 'mt', off: 1 },
  { name: 'copy', values: ['none', 'dma'], tag: 'db', off: 'none', activeWhen: 'tile > 8' },
];
const ownSpace = {
  name: 'own',
  parameters,
  constraints: ['tile * threads <= 64'],
  default: { tile: 8, threads: 1, copy: 'none' },
};
const benchmark = {
  name: 'b',
  params: [
    { name: 'x', values: [1, 2, 4] },
    { name: 'y', values: [true, false] },
  ],
  constraints: ['x > 1 or y'],
};
const t1 = {
  General: { FormatVersion: 1 },
  ConfigurationSpace: {
    TuningParameters: [
      { Name: 'x', Type: 'int', Values: '[1, 2, 4, 8]', Default: 2 },
      { Name: 'y', Type: 'string', Values: "['a', 'b']", Default: 'a' },
    ],
    Conditions: [{ Parameters: ['x'], Expression: 'x % 2 == 0 or x == 1' }],
  },
  KernelSpecification: { KernelName: 'gemm', ProblemSize: [64, '64'], Device: { Name: 'board' } },
};
const t4 = {
  schema_version: '1.0.0',
  metadata: { device: 'board', timeunit: 'ms' },
  results: [
    {
      configuration: { x: 1, y: 'a' },
      times: { runtimes: [1.5, 2] },
      invalidity: 'correct',
      objectives: ['time'],
      measurements: [{ name: 'time', value: 1.7, unit: 'ms' }],
    },
    { configuration: { x: 2, y: 'b' }, invalidity: 'compile' },
  ],
};
const cache = {
  device_name: 'board',
  kernel_name: 'gemm',
  problem_size: [64, 64],
  tune_params_keys: ['x', 'y'],
  tune_params: { x: [1, 2], y: [4, 8] },
  objective: 'time',
  cache: {
    '1,4': { x: 1, y: 4, time: 1.25, times: [1.2, 1.3] },
    '2,4': { x: 2, y: 4, time: 'CompilationFailedConfig' },
  },
};
const table = {
  name: 't',
  kernel: 'conv',
  device: 'board',
  objective: 'time_ms',
  params: [
    { name: 'x', values: [1, 2] },
    { name: 'y', values: [1, 2] },
  ],
  constraints: ['x <= y'],
  rows: [
    [1, 1, 2.5],
    [1, 2, null],
    [2, 2, 1.25],
  ],
  std: [0.1, null, 0.2],
};
const plan = `seed: 5
timeZone: Europe/Berlin
targets: [hexagon-v75, edge-2mib]
studies:
  - kernel: gelu
    shapes: ["65536", "2^20"]
  - kernel: softmax
    priority: 1
    calls: 12
    fix: { threads: 4 }
    start: [{ threads: 4 }]
budget: { trials: 150, for: 6h, until: "07:00" }
total: { for: 10h }
done: { gain: 0.01, trials: 200 }
`;
const described = { name: 'k', shape: [64], device: 'board' };

function textOf(name: string): string {
  return readFileSync(new URL(`./examples/${name}`, import.meta.url), 'utf8');
}

function targetFile(): unknown {
  const file = new URL('../../src/targets/npu/machine/data/edge-2mib.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** The doors of all parsers of text from outside. */
export const parserDoors: readonly Door[] = [
  readingData('space file', [ownSpace, benchmark, t1], readSpaceFile),
  reading(
    'constraint',
    ["x > 1 and (y % 2 == 0 or not z in [1, 'a'])", 'min(x, 4) ** 2 <= abs(-y) // 3'],
    (text) => parseConstraint(text, text),
  ),
  reading('values', ['[1, 2, 4]', 'list(range(1, 9))', '[2**i for i in range(6) if i != 3] + [8]'], (text) =>
    parseValueList(text, 'values'),
  ),
  reading('held values', ['threads=4', 'tile=4096,8192'], (text) => heldWords([text], [])),
  readingFile('results: T1', [t1], (path) => readResults(path, described, undefined, 'fuzz')),
  readingFile('results: T4', [t4], (path) => readResults(path, described, undefined, 'fuzz')),
  readingFile('results: Kernel Tuner', [cache], (path) => readResults(path, described, undefined, 'fuzz')),
  readingFile('replay table', [table], loadReplayTable),
  readingFile('start file', [{ threads: 4 }, [{ a: 1 }], { best: { configuration: { a: 'x' } } }], readStart),
  reading('Triton IR', ['add.ttir', 'layer-norm.ttir', 'argmin.ttir'].map(textOf), (text) =>
    importTtir(text, { file: 'fuzz.ttir' }),
  ),
  reading('Triton IR, another shape', ['add.ttir', 'layer-norm.ttir'].map(textOf), (text) =>
    importTtir(text, { file: 'fuzz.ttir', shape: [128, 256] }),
  ),
  reading('Inductor wrapper', [textOf('wrapper.py.txt')], (text) => launchesOf(text, new Map())),
  reading(
    'kernel IR',
    libraryKernels
      .slice(0, 6)
      .map(({ build, defaultShape, dtypes }) => serializeKernel(build(defaultShape, dtypes[0]))),
    parseKernel,
  ),
  readingData('target file', [targetFile()], (data) => parseTarget(data, 'fuzz.json')),
  reading('plan', [plan], (text) => plannedStudies(parsePlan('fuzz.yaml', text), 0)),
  reading('shape', ['1048576', '2^20', '64x16384', '8x8x8'], parseShape),
  reading('duration', ['40s', '10m', '1h30m', '0.5s'], (text) => parseDuration('for', text)),
];
