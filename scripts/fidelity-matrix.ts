// Square products on the matrix unit beside what was published of them: npm run fidelity:matrix
import type { Value } from '../search-space/parameter.ts';
import type { SearchSpace } from '../search-space/search-space.ts';
import type { Kernel } from '../src/kernels/ir.ts';
import { libraryKernel } from '../src/kernels/library.ts';
import { loadTarget } from '../src/targets/npu/machine/load.ts';
import { simulateKernel } from '../src/targets/npu/simulator/simulate.ts';
import { buildSpace } from '../src/targets/npu/space/space.ts';
import { markdownTable } from './fidelity/markdown-table.ts';

const SIZES = [256, 384, 512, 640, 768, 896, 1024, 1536, 2048];
const target = loadTarget('hexagon-v73');

/** The least time of all configurations with some values, in µs. */
function leastUs(
  kernel: Kernel,
  space: SearchSpace,
  values: Readonly<Record<string, readonly Value[]>>,
): number {
  const left = space.restrict({ values });
  if (left === null) throw new Error(`nothing is left of ${JSON.stringify(values)}`);
  let least = Number.POSITIVE_INFINITY;
  for (let place = 0; place < left.size; place++)
    least = Math.min(least, simulateKernel(kernel, target, left.at(place)).timeUs);
  return least;
}

const rows = SIZES.map((size) => {
  const kernel = libraryKernel('matmul', [size, size, size], 'f16');
  const space = buildSpace(kernel, target);
  const vector = leastUs(kernel, space, { unit: ['vector'], unroll: [8], staging: ['dma'] });
  const [one, two] = [1, 2].map((buffers) =>
    leastUs(kernel, space, { unit: ['matrix'], buffers: [buffers] }),
  );
  const digits = (value: number): string => value.toPrecision(3);
  const matrix = Math.min(one, two);
  return [
    String(size),
    digits(vector),
    digits(one),
    digits(two),
    digits(vector / matrix),
    (one / two).toFixed(2),
  ];
});
const columns = ['size', 'vector µs', 'matrix, one buffer', 'two buffers', 'vector / matrix', 'gain of two'];
process.stdout.write(`${markdownTable(columns, rows).join('\n')}\n`);
