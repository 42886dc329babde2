import { VariantSession } from '../../src/programs/variant-session.ts';
import { assembleWat } from '../../src/targets/wasm/generator/assemble.ts';
import { LIMIT_OPERATIONS, multiplyAddsText } from '../../src/targets/wasm/generator/limits-code.ts';
import { functionText, moduleText, pagesFor } from '../../src/targets/wasm/generator/wat.ts';
import type { WasmHost } from '../../src/targets/wasm/host.ts';
import { CONTROL_BYTES } from '../../src/targets/wasm/runner/control.ts';
import { wasmRunner } from '../../src/targets/wasm/runner/runner.ts';
import type { Rival } from '../rivals/rival.ts';

/** The operations per point of a product: a multiplication and an addition. */
const OPERATIONS_PER_POINT = 2;
const PATIENCE_MS = 10_000;
/** No data except a page after the control words, for the sum. */
const SETUP = {
  pages: pagesFor(CONTROL_BYTES) + 1,
  scratch: [CONTROL_BYTES],
  operands: [[]],
  workers: 0,
  contents: [],
  expected: [],
};

/** A rival that, for every case, does the fused multiply-adds of the matrix product, in registers alone. */
export function multiplyAddLimit({ flags }: WasmHost): Rival {
  const start: Rival['start'] = async () => {
    const text = functionText('run', ['begin', 'end', 'scratch'], multiplyAddsText(true, CONTROL_BYTES));
    const bytes = Uint8Array.from(await assembleWat(moduleText(SETUP.pages, [text])));
    const handle = { id: 0, bytes, work: 1, grain: 1, threads: 1, chunk: 0, dma: false };
    const runner = wasmRunner(flags, SETUP, PATIENCE_MS);
    const timer = {
      sample: () => runner.ask(handle, 'sample'),
      threadsOf: () => 1,
      close: () => runner.close(),
    };
    const session = new VariantSession(timer, true, { multiplyAdds: 0 }, {});
    return {
      sample: async ({ shape }) => {
        const sample = await session.sample({ configuration: {}, handle: undefined });
        if (sample.state !== 'timed') throw new Error('the multiply-adds could not be timed');
        const points = shape.reduce((all, extent) => all * extent, 1);
        return (sample.timeUs / LIMIT_OPERATIONS) * OPERATIONS_PER_POINT * points;
      },
      end: () => void session.close(),
    };
  };
  return { name: 'multiply-adds', start, close: () => {} };
}
