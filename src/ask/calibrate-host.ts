import { parseTarget } from '../targets/npu/machine/load.ts';
import type { SimulatedTarget, TargetFile } from '../targets/npu/machine/schema.ts';
import { measureHost } from '../targets/wasm/calibration/measure-host.ts';
import type { WasmHost } from '../targets/wasm/host.ts';
import { hostFile } from '../targets/wasm/host-file.ts';

/** Where this machine's target file lies, unless somebody says otherwise. */
export const HOST_FILE = 'wasm-host.json';

/** This machine as a simulated target: its file, and how many of its figures are measured. */
export type CalibratedHost = Readonly<{
  text: string;
  machine: SimulatedTarget;
  measured: number;
  priors: number;
  /** Whether something was measured on all cores at a time. */
  together: boolean;
}>;

/** Measures this machine: some seconds. Throws RunnerLost where no runner starts. */
export async function calibrateHost(host: WasmHost): Promise<CalibratedHost> {
  const measurements = await measureHost(host);
  const file: TargetFile = hostFile(host, measurements);
  const text = `${JSON.stringify(file, null, 2)}\n`;
  const count = (word: string): number => text.split(`"source": "${word}`).length - 1;
  return {
    text,
    machine: parseTarget(file, HOST_FILE),
    measured: count('measured'),
    priors: count('prior'),
    together: measurements.forkJoinUs !== null && measurements.handshakeUs !== null,
  };
}
