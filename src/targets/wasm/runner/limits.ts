import type { Limits } from '../../../programs/variant-process.ts';
import { LIMIT_ELEMENTS, LIMIT_OPERATIONS, LIMIT_PAGES } from '../generator/limits-code.ts';

const REPEATS = 5;

/** Times the module of `limitsText`; `clock` gives microseconds. The best of five counts. */
export function measureLimits(bytes: Uint8Array<ArrayBuffer>, clock: () => number): Limits {
  const memory = new WebAssembly.Memory({ initial: LIMIT_PAGES, maximum: LIMIT_PAGES, shared: true });
  new Uint8Array(memory.buffer).fill(0);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const shortest = (name: string): number => {
    const call = exports[name];
    if (typeof call !== 'function') throw new Error(`the limits' module lacks '${name}'`);
    const spans = Array.from({ length: REPEATS }, () => {
      const start = clock();
      call();
      return clock() - start;
    });
    return Math.min(...spans);
  };
  return {
    copyGBs: (LIMIT_ELEMENTS * 8) / 1000 / shortest('copy'),
    triadGBs: (LIMIT_ELEMENTS * 12) / 1000 / shortest('triad'),
    multiplyAddGflops: LIMIT_OPERATIONS / 1000 / shortest('multiplyAdd'),
  };
}
