import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type TileCopy, tileCopies } from '../../../generator/tile-copies.ts';
import type { ScheduledKernel } from '../../../lowering/schedule.ts';

/** What code that copies tiles needs after lanes.h. */
export const STAGING_HEADER = readFileSync(fileURLToPath(new URL('./staging.h', import.meta.url)), 'utf8');

/**
 * The functions around `run_tile`, which computes on operands at any address: `run`, and `run_help` for the thread
 * that copies beside it where there is one.
 */
export function stagedRun(scheduled: ScheduledKernel, operands: number): string {
  const { staging, buffers, sizes } = scheduled.schedule;
  const copies = tileCopies(scheduled);
  const isHelped = staging === 'dma';
  const run = isHelped ? 'compute_helped' : 'compute_alone';
  return [
    stepFunction('run_load', copies.filter(({ reads }) => reads).map(loadText)),
    stepFunction('run_compute', [computeText(copies, operands)]),
    stepFunction('run_store', copies.filter(({ writes }) => writes).map(storeText)),
    `static const struct staging run_staging = {run_load, run_compute, run_store, ${sizes.tile}, ${buffers}};`,
    `void run(int begin, int end, char *restrict scratch, char *const *at) {
${run}(&run_staging, begin, end, scratch, at);
}`,
    ...(isHelped ? ['void run_help(char *scratch) {\ncopy_ahead(&run_staging, scratch);\n}'] : []),
  ].join('\n');
}

/** Not all of them use all parameters. */
function stepFunction(name: string, lines: readonly string[]): string {
  return `static void ${name}(int begin, int end, char *scratch, char *const *at, int buffer) {
(void)begin, (void)end, (void)scratch, (void)at, (void)buffer;
${lines.join('\n')}
}`;
}

/** least + number · each. */
function steps({ least, each }: Readonly<{ least: number; each: number }>, number: string): string {
  return `${least} + (long)${number} * ${each}`;
}

function bufferOf({ buffer }: TileCopy): string {
  return `scratch + (${steps(buffer, 'buffer')})`;
}

const loadText = (copy: TileCopy): string => copyText(copy, (near, far) => [near, far]);
const storeText = (copy: TileCopy): string => copyText(copy, (near, far) => [far, near]);

/** Copies an operand's stretch, or one at each point of its loops. */
function copyText(copy: TileCopy, ends: (near: string, far: string) => readonly string[]): string {
  const { place, start, length, loops } = copy;
  const moved = (from: string, distances: readonly number[]): string =>
    [from, ...distances.map((bytes, n) => `d${n} * ${bytes}`)].join(' + ');
  const far = moved(
    `at[${place}] + (${steps(start, 'begin')})`,
    loops.map(({ apart }) => apart),
  );
  const near = moved(
    bufferOf(copy),
    loops.map(({ pitch }) => pitch),
  );
  const bytes = steps(length, '(end - begin - 1)');
  return loops.reduceRight(
    (body, { extent }, n) => `for (long d${n} = 0; d${n} < ${extent}; d${n}++) ${body}`,
    `memcpy(${[...ends(near, far), `(size_t)(${bytes})`].join(', ')});`,
  );
}

/** Calls `run_tile` with the address that each copied operand would have for its part to be in the buffer. */
function computeText(copies: readonly TileCopy[], operands: number): string {
  const given = Array.from({ length: operands }, (_, place) => {
    const copy = copies.find((one) => one.place === place);
    // By a number, because the address itself may lie outside of all memory.
    return copy === undefined
      ? `at[${place}]`
      : `(char *)((uintptr_t)(${bufferOf(copy)}) - (uintptr_t)(${steps(copy.seen, 'begin')}))`;
  });
  return `char *const tile_at[] = {${given.join(', ')}};
run_tile(begin, end, scratch, tile_at);`;
}
