import { expect, it } from 'vitest';
import type { Backend } from '../backend.ts';
import { withComputedTimes } from './computed-times.ts';

/** Times of a chain of configurations, each of which is asked for once the one before is known. */
function chain(known: Set<number>) {
  const made: number[] = [];
  const computed = ({ n }: Readonly<Record<string, unknown>>) =>
    known.has(Number(n)) ? 10 - Number(n) : undefined;
  const backend: Pick<Backend, 'timing' | 'prefetch'> = {
    timing: { kind: 'exact', rounds: 3, computed },
    prefetch: async (configurations) => {
      for (const { n } of configurations) {
        known.add(Number(n));
        made.push(Number(n));
      }
    },
  };
  return { backend, made };
}

const climb = (timeOn: (configuration: { n: number }, set: number) => number, sets: number) => {
  let [n, timeUs] = [0, timeOn({ n: 0 }, 0)];
  while (n < 3 && timeOn({ n: n + 1 }, 0) < timeUs) timeUs = timeOn({ n: ++n }, 0);
  return { n, timeUs, sets };
};

it('finds the same whatever was known before, and makes only what was asked for', async () => {
  const never = new AbortController().signal;
  for (const known of [[], [0], [0, 1, 2, 3, 4]]) {
    const { backend, made } = chain(new Set(known));
    const { found, isWhole } = await withComputedTimes(backend, never, () => {}, climb);
    expect({ found, isWhole }).toEqual({ found: { n: 3, timeUs: 7, sets: 3 }, isWhole: true });
    expect(made).not.toContain(4);
  }
});

it('says that it is not whole where it was ended before', async () => {
  const { backend, made } = chain(new Set([0, 1]));
  const { found, isWhole } = await withComputedTimes(backend, AbortSignal.abort(), () => {}, climb);
  expect({ n: found.n, isWhole, made }).toEqual({ n: 1, isWhole: false, made: [] });
});
