import { FUSED } from '../../src/targets/wasm/calibration/arithmetic-code.ts';
import { chains } from '../../src/targets/wasm/calibration/micro-kernel.ts';
import { openMicroKernels } from '../../src/targets/wasm/calibration/time-micro-kernels.ts';
import type { WasmHost } from '../../src/targets/wasm/host.ts';
import type { Rival } from './rival.ts';

/** More chains than the latency of a multiply-add needs: its rate alone counts. */
const PEAK = chains('multiply-adds', Array(12).fill(FUSED));
const LANES = 4;
const ARRAY_BYTES = 65_536;

/** Whatever is asked, it does as many fused multiply-adds as a product needs, in registers alone. */
export function multiplyAddLimit(host: WasmHost): Rival {
  const start: Rival['start'] = async () => {
    const { session, variants } = await openMicroKernels([PEAK], ARRAY_BYTES, { ...host, cores: 1 });
    return {
      sample: async ({ shape }) => {
        const sample = await session.sample(variants[0]);
        if (sample.state !== 'timed') throw new Error('the multiply-adds could not be timed');
        const points = shape.reduce((all, extent) => all * extent, 1);
        return (sample.timeUs / PEAK.amount) * (points / LANES);
      },
      end: () => void session.close(),
    };
  };
  return { name: 'multiply-adds', start, close: () => {} };
}
