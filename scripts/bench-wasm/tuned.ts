import { randomFor } from '../../search-space/random.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { findLibraryKernel } from '../../src/kernels/library.ts';
import { type WasmBackend, wasmBackend } from '../../src/targets/wasm/backend.ts';
import type { WasmHost } from '../../src/targets/wasm/host.ts';
import { buildWasmSpace } from '../../src/targets/wasm/space.ts';
import type { Variant } from '../../tuner/backend.ts';
import { type Case, shapeName } from '../rivals/case.ts';

/** The best single-threaded variant of a short search, ready to be timed again. */
export type Tuned = Readonly<{
  backend: WasmBackend;
  variant: Variant;
  tried: number;
}>;

const MOST_TRIED = 64;
const ROUNDS = 5;
const signal = new AbortController().signal;

export async function tuneOnOneThread(of: Case, host: WasmHost): Promise<Tuned> {
  const kernel = findLibraryKernel(of.kernel).build(of.shape, 'f32');
  const space = singleThread(buildWasmSpace(kernel, host));
  const backend = await wasmBackend({ kernel, ...host });
  const scored: { variant: Variant; timeUs: number }[] = [];
  for (const index of chosen(space, shapeName(of))) {
    const prepared = await backend.prepare({
      configuration: space.at(index),
      subset: 'vec',
      origin: 'bench',
    });
    if (prepared.state === 'invalid') throw new Error(prepared.message);
    const verdict = await backend.verify(prepared.variant);
    if (verdict.state === 'invalid') throw new Error(`${of.kernel}: ${verdict.message}`);
    scored.push({ variant: prepared.variant, timeUs: await shortest(backend, prepared.variant) });
  }
  const best = scored.toSorted((a, b) => a.timeUs - b.timeUs)[0];
  return { backend, variant: best.variant, tried: scored.length };
}

function singleThread(space: SearchSpace): SearchSpace {
  const names = new Set(space.parameters.map(({ name }) => name));
  // Leave out register tiles that do not fit: they always lose, and each would cost a second.
  const wanted = {
    threads: [1],
    staging: ['direct'],
    lanes: [4, 8, 12, 16, 24, 32],
    tileRows: [2, 3, 4],
    panels: [4, 8],
  };
  const values = Object.fromEntries(Object.entries(wanted).filter(([name]) => names.has(name)));
  const lanes = space.parameters.find(({ name }) => name === 'lanes')?.values ?? [];
  const restricted = space.restrict({
    values: { ...values, lanes: wanted.lanes.filter((n) => lanes.includes(n)) },
  });
  if (restricted === null) throw new Error('no variant on one thread');
  return restricted;
}

function chosen(space: SearchSpace, seed: string): readonly number[] {
  if (space.size <= MOST_TRIED) return Array.from({ length: space.size }, (_, n) => n);
  const random = randomFor(seed);
  return [...new Set(Array.from({ length: MOST_TRIED }, () => space.sample(random)))];
}

async function shortest(backend: WasmBackend, variant: Variant): Promise<number> {
  const session = await backend.session([variant], signal);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const sample = await session.sample(variant);
    if (sample.state === 'timed') times.push(sample.timeUs);
  }
  await session.close();
  return Math.min(Number.POSITIVE_INFINITY, ...times);
}
