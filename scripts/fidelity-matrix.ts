// Products on the matrix unit beside what was published of them: npm run fidelity:matrix
import type { Value } from '../search-space/parameter.ts';
import type { SearchSpace } from '../search-space/search-space.ts';
import type { Kernel } from '../src/kernels/ir.ts';
import { libraryKernel } from '../src/kernels/library.ts';
import { loadTarget } from '../src/targets/npu/machine/load.ts';
import { simulateKernel } from '../src/targets/npu/simulator/simulate.ts';
import { buildSpace } from '../src/targets/npu/space/space.ts';
import { markdownTable } from './fidelity/markdown-table.ts';

const SIZES = [256, 384, 512, 640, 768, 896, 1024, 1536, 2048];
const FEW_ROWS = 256;
const target = loadTarget('hexagon-v73');

type Held = Readonly<Record<string, readonly Value[]>>;

/** The least time of all configurations with some values, in µs. */
function leastUs(kernel: Kernel, space: SearchSpace, values: Held): number {
  const left = space.restrict({ values });
  if (left === null) throw new Error(`nothing is left of ${JSON.stringify(values)}`);
  let least = Number.POSITIVE_INFINITY;
  for (let place = 0; place < left.size; place++)
    least = Math.min(least, simulateKernel(kernel, target, left.at(place)).timeUs);
  return least;
}

function rowOf(rows: number, size: number, held: Held): readonly string[] {
  const kernel = libraryKernel('matmul', [rows, size, size], 'f16');
  const space = buildSpace(kernel, target);
  const vector = leastUs(kernel, space, { ...held, unit: ['vector'], unroll: [8], staging: ['dma'] });
  const [one, two] = [1, 2].map((buffers) =>
    leastUs(kernel, space, { ...held, unit: ['matrix'], buffers: [buffers] }),
  );
  const whole = (us: number): string => Math.round(us).toLocaleString('en');
  const gain = (ratio: number): string => `${ratio.toPrecision(3)}×`;
  return [
    `${rows} × ${size} × ${size}`,
    whole(vector),
    whole(one),
    whole(two),
    gain(vector / Math.min(one, two)),
    gain(one / two),
  ];
}

const columns = [
  'M × N × K',
  'vector units',
  'matrix unit, one buffer',
  'two buffers',
  'vector / matrix',
  'two buffers gain',
];
const tables = [
  ['Square, any number of threads, µs:', SIZES.map((size) => rowOf(size, size, {}))],
  [`${FEW_ROWS} rows, one thread, µs:`, SIZES.map((size) => rowOf(FEW_ROWS, size, { threads: [1] }))],
] as const;
for (const [title, rows] of tables)
  process.stdout.write(`${title}\n\n${markdownTable(columns, rows).join('\n')}\n\n`);
