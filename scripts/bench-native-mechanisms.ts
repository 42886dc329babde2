import { availableParallelism } from 'node:os';
import type { Configuration } from '../search-space/parameter.ts';
import { libraryKernel } from '../src/kernels/library.ts';
import { nativeBackend } from '../src/targets/native/backend.ts';
import { nativeHost } from '../src/targets/native/host.ts';
import { contest, type Kind, scoreRow, timeOf } from './bench-mechanisms/contest.ts';

/**
 * What each mechanism of native code gains on this machine, as Markdown tables, for data that caches hold and that
 * they do not (no more of it than that takes: short samples are clean more often). All rows of a table but the first
 * ones are the best code on one thread with one thing changed, timed in interleaved rounds.
 * `node dist/scripts/bench-native-mechanisms.js [kernel …]`.
 */
const CASES = [
  { name: 'vector-add', shape: [2 ** 16], tiles: [4096, 16384] },
  { name: 'vector-add', shape: [2 ** 22], tiles: [4096, 16384] },
  { name: 'gelu', shape: [2 ** 16], tiles: [4096, 16384] },
  { name: 'gelu', shape: [2 ** 22], tiles: [4096, 16384, 65536] },
  { name: 'softmax', shape: [64, 1024], tiles: [4, 16] },
  { name: 'softmax', shape: [2 ** 12, 1024], tiles: [4, 16, 64] },
];
const ROUNDS = 40;
const each = <T>(values: readonly T[], change: (value: T) => Configuration) => values.map(change);

function kindsInPlace(lanes: readonly number[], fma: boolean): readonly Kind[] {
  const wide = lanes.flatMap((count) => each([1, 2, 4], (unroll) => ({ lanes: count, unroll, fma })));
  return [
    { label: 'scalar, best unrolling', configurations: each([1, 4, 8], (unroll) => ({ lanes: 1, unroll })) },
    { label: "the compiler's own vectors", configurations: [{ lanes: 1, autoVector: true, fma }] },
    { label: 'the best registers', configurations: wide },
  ];
}

function kindsOnTop(best: Configuration, tiles: readonly number[], cores: number): readonly Kind[] {
  const copied = (change: Configuration) => each(tiles, (tile) => ({ ...best, tile, ...change }));
  const staged = { staged: 'in' };
  const alone = [
    { label: 'prefetching', configurations: each([256, 1024, 2048], (prefetch) => ({ ...best, prefetch })) },
    { label: 'streaming', configurations: [{ ...best, streaming: true }] },
    { label: 'tiles, one buffer', configurations: copied({}) },
    { label: 'tiles, two buffers', configurations: copied({ buffers: 2 }) },
    { label: 'tiles of inputs only', configurations: copied(staged) },
    { label: 'tiles of inputs only, streaming', configurations: copied({ ...staged, streaming: true }) },
  ];
  if (cores < 2) return alone;
  const helper = { helper: true };
  const two = { ...best, threads: 2 };
  return [
    ...alone,
    { label: 'a helper, one buffer', configurations: copied(helper) },
    { label: 'a helper, two buffers', configurations: copied({ ...helper, buffers: 2 }) },
    {
      label: 'a helper, two buffers, inputs only',
      configurations: copied({ ...helper, ...staged, buffers: 2 }),
    },
    { label: 'two threads', configurations: [two] },
    { label: 'two threads, pinned', configurations: [{ ...two, pinned: true }] },
    { label: 'two threads, 8 chunks', configurations: [{ ...two, chunking: 'dynamic-8' }] },
    { label: 'two threads, streaming', configurations: [{ ...two, streaming: true }] },
    { label: 'two threads, tiles', configurations: each(tiles, (tile) => ({ ...two, tile })) },
  ];
}

async function main(names: readonly string[]): Promise<void> {
  const host = await nativeHost();
  console.log(`${host.cpu}, ${availableParallelism()} cores, ${host.compiler.version}\n`);
  for (const { name, shape, tiles } of CASES) {
    if (names.length > 0 && !names.includes(name)) continue;
    const kernel = libraryKernel(name, shape);
    const backend = await nativeBackend({ kernel, host });
    const inPlace = await contest(
      backend,
      kindsInPlace(host.lanes, host.fma && name !== 'vector-add'),
      ROUNDS,
    );
    const { configuration } = inPlace.toSorted((a, b) => timeOf(a) - timeOf(b))[0];
    const first = { label: 'the best of these again', configurations: [configuration] };
    const changed = await contest(backend, [first, ...kindsOnTop(configuration, tiles, host.cores)], ROUNDS);
    await backend.close();
    console.log(`| ${name} ${shape.join('x')} | µs | gain | configuration |\n|---|---|---|---|`);
    for (const score of inPlace) console.log(scoreRow(score, inPlace[0], ROUNDS));
    for (const score of changed) console.log(scoreRow(score, changed[0], ROUNDS));
    console.log('');
  }
}

await main(process.argv.slice(2));
