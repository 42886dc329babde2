import type { HostMeasurements, Speed } from '../../../wasm/calibration/measure-host.ts';
import type { WasmHost } from '../../../wasm/host.ts';
import { hostFile } from '../../../wasm/host-file.ts';
import { parseTarget } from '../../machine/load.ts';
import type { SimulatedTarget } from '../../machine/schema.ts';

/** A made-up machine of 4 GHz. */
export const host: WasmHost = {
  node: '22.0.0',
  v8: '12',
  flags: [],
  cpu: 'made up',
  cores: 2,
  memoryBytes: 2 ** 30,
  relaxedSimd: true,
  fingerprint: 'made-up',
};

const cycles = (latency: number, aCycle: number): Speed => ({
  latencyNs: latency / 4,
  intervalNs: 1 / 4 / aCycle,
});
const rate = (perThreadGBs: number) => ({ perThreadGBs, totalGBs: 1.9 * perThreadGBs });
const cache = (name: string, bytes: number) => ({ name, bytes, perCore: true, source: 'measured by nobody' });

export const measurements: HostMeasurements = {
  steps: {
    vectorAlu: cycles(1, 3),
    vectorAdd: cycles(4, 2),
    vectorMultiply: cycles(4, 2),
    vectorDivide: cycles(11, 0.25),
    vectorShift: cycles(1, 2),
    vectorPermute: cycles(1, 1),
    vectorConvert: cycles(8, 1),
    scalarAlu: cycles(1, 4),
    scalarAdd: cycles(4, 2),
    scalarMultiply: cycles(4, 2),
    scalarDivide: cycles(11, 0.25),
    scalarConvert: cycles(8, 1),
  },
  fused: cycles(4, 2),
  floatIntervalNs: 1 / 4 / 2,
  anyIntervalNs: 1 / 4 / 4,
  loadIntervalNs: 1 / 4 / 2,
  storeIntervalNs: 1 / 4,
  waiting: 100,
  levels: [
    { cache: cache('L1', 2 ** 15), copied: rate(120), memory: rate(100), simd: rate(60) },
    { cache: cache('L2', 2 ** 20), copied: rate(60), memory: rate(40), simd: rate(40) },
    { cache: null, copied: rate(12), memory: rate(8), simd: rate(10) },
  ],
  callUs: 0.02,
  forkJoinUs: 0.5,
  handshakeUs: 0.2,
  handoverNsPerByte: 0.05,
};

export function hostMachine(changed: Partial<HostMeasurements> = {}): SimulatedTarget {
  return parseTarget(hostFile(host, { ...measurements, ...changed }), 'made up');
}
