import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { heldWords } from '../../search-space/assignment.ts';
import { parseConstraint } from '../../search-space/parse-constraint.ts';
import { readSpaceFile } from '../../search-space/space-file.ts';
import { parseValueList } from '../../search-space/values-text.ts';
import { parsePlan } from '../../src/ask/plan-text.ts';
import { plannedStudies } from '../../src/ask/planned-studies.ts';
import { parseSizes } from '../../src/cli/options/sizes.ts';
import { splitWords } from '../../src/cli/split-words.ts';
import { EventHub } from '../../src/daemon/event-hub.ts';
import { parseListen } from '../../src/http/listen-address.ts';
import { readLogs } from '../../src/importers/device-log/read-logs.ts';
import { launchesOf } from '../../src/importers/torchinductor/wrapper.ts';
import { importTtir } from '../../src/importers/ttir/import-ttir.ts';
import { parseKernel, serializeKernel } from '../../src/kernels/json.ts';
import { libraryKernels } from '../../src/kernels/library.ts';
import { parseShape } from '../../src/kernels/shape.ts';
import { readTime } from '../../src/programs/reading.ts';
import { checkTemplate } from '../../src/targets/command/template.ts';
import { parseTarget } from '../../src/targets/npu/machine/load.ts';
import { parseDuration } from '../../src/text/duration.ts';
import { parseJson } from '../../src/text/parse-json.ts';
import { t1, textOf } from './examples.ts';
import { fileDoors } from './file-doors.ts';
import type { Door } from './fuzz.ts';

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

const calibration = {
  from: 'a.csv',
  timings: 3,
  error: 0.1,
  figures: ['callUs', 'forkJoinUs'],
  sets: ['0.5 2', '1 2e0'],
};
const deviceLogs = [
  'kernel,shape,dtype,configuration,time_us\ngelu,2^20,f32,"threads=4,staging=dma",12.5\nrelu,,,,3e2\n',
  'D profile-op ADD: a x b -> c : 8:2 x 8:2 -> 8:2 : f32 x f32 -> f32 : 4 : usec 4 cycles 8 start 7 mhz 2.0\nx trace-op ADD: thread 0 event HVX_COMP info 0 start 100\nx trace-op ADD: thread 0 event HVX_COMP info 0 stop 104\n',
  JSON.stringify({ entries: [1, 2, 2, 1].map((id, i) => ({ id, cyc: 10 * i })) }),
];
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
/** A hub with three past events. */
function events(): EventHub {
  const hub = new EventHub('life');
  for (const plan of ['a', 'b', 'c']) hub.tell({ kind: 'plan', plan, state: 'ended' });
  return hub;
}

function targetFile(): unknown {
  const file = new URL('../../src/targets/npu/machine/data/edge-2mib.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** The doors of all parsers of text from outside. */
export const parserDoors: readonly Door[] = [
  ...fileDoors,
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
  reading('Triton IR', ['add.ttir', 'layer-norm.ttir', 'argmin.ttir'].map(textOf), (text) =>
    importTtir(text, { file: 'fuzz.ttir' }),
  ),
  reading('Triton IR, another shape', ['add.ttir', 'layer-norm.ttir'].map(textOf), (text) =>
    importTtir(text, { file: 'fuzz.ttir', shape: [128, 256] }),
  ),
  reading('Inductor wrapper', [textOf('wrapper.py.txt')], (text) => launchesOf(text)),
  reading(
    'kernel IR',
    libraryKernels
      .slice(0, 6)
      .map(({ build, defaultShape, dtypes }) => serializeKernel(build(defaultShape, dtypes[0]))),
    parseKernel,
  ),
  readingData('target file', [targetFile()], (data) => parseTarget(data, 'fuzz.json')),
  readingData('calibrated target', [{ ...Object(targetFile()), calibration }], (data) =>
    parseTarget(data, 'fuzz.json'),
  ),
  reading('device log', deviceLogs, (text) =>
    readLogs([{ name: 'fuzz.log', text }], { kernel: 'gelu', set: [] }),
  ),
  reading('plan', [plan], (text) => plannedStudies(parsePlan('fuzz.yaml', text), 0)),
  reading('shell words', ['./measure.sh {threads} \'a b\' "c \\" d" e\\ f', 'adb shell run'], (text) =>
    splitWords('--run', text),
  ),
  readingData('program’s words', [['./measure.sh', '{tile}', '--copy={copy}'], ['{configuration}']], (data) =>
    checkTemplate('--run', z.array(z.string()).catch([]).parse(data), readSpaceFile(ownSpace).parameters, {
      shape: [64, 128],
      dtype: 'f32',
      seed: 1,
      hasBuild: true,
    }),
  ),
  reading(
    'program’s output',
    ['warm\n{"timeUs": 12.5}\n', '{"time": 3, "unit": "ms"}', '1.25e3\n\n'],
    (text) => readTime(text, 'ms'),
  ),
  reading('address', ['127.0.0.1:7070', '[::1]:7070', 'unix:/run/nightshift.sock'], parseListen),
  reading('event id', ['life-1', 'life-0', 'earlier-7'], (text) => events().since(text)),
  reading('sizes', ['2^10..2^24', '64x1024..16384x1024', '1,2,3'], parseSizes),
  reading('shape', ['1048576', '2^20', '64x16384', '8x8x8'], parseShape),
  reading('duration', ['40s', '10m', '1h30m', '0.5s'], (text) => parseDuration('for', text)),
];
