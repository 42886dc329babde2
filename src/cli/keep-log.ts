import type { LoggedCall } from '../answers/calibration/logged-calls.ts';
import { toolVersion } from '../ask/tool-version.ts';
import { logResults } from '../importers/device-log/log-results.ts';
import { storeResults } from '../importers/store-results.ts';
import { kernelHash } from '../kernels/hash.ts';
import type { Kernel } from '../kernels/ir.ts';
import type { SimulatedTarget } from '../targets/npu/machine/schema.ts';
import { simulatedTarget } from '../targets/npu/target.ts';
import type { Flags } from './flags.ts';
import type { GlobalOption } from './options/global.ts';
import type { Session } from './session.ts';
import { writing } from './stores.ts';

/** Stores a log's times as measured on a device, a study for each kernel. Returns the studies' ids. */
export async function keepLog(
  calls: readonly LoggedCall[],
  machine: SimulatedTarget,
  device: string,
  flags: Flags<GlobalOption>,
  session: Session,
  told: (study: number, of: number) => void,
): Promise<readonly string[]> {
  const target = simulatedTarget(machine);
  const ofKernels = callsOfKernels(calls);
  return writing('calibrate', flags, session, async (store) => {
    const ids: string[] = [];
    for (const [place, { kernel, own }] of ofKernels.entries()) {
      told(place + 1, ofKernels.length);
      const space = target.space(kernel);
      const preferred = target.defaultConfiguration(kernel, space);
      const results = logResults(kernel, device, space, preferred, own, toolVersion());
      ids.push((await storeResults(results, store, toolVersion())).studyId);
    }
    return ids;
  });
}

type KernelCalls = Readonly<{ kernel: Kernel; own: LoggedCall[] }>;

/** The calls of each kernel. Two names of one computation are one kernel; its hash is computed once for each object. */
function callsOfKernels(calls: readonly LoggedCall[]): readonly KernelCalls[] {
  const hashes = new Map<Kernel, string>();
  const found = new Map<string, KernelCalls>();
  for (const call of calls) {
    const { kernel } = call;
    const hash = hashes.get(kernel) ?? kernelHash(kernel);
    hashes.set(kernel, hash);
    const known = found.get(hash) ?? { kernel, own: [] };
    known.own.push(call);
    found.set(hash, known);
  }
  return [...found.values()];
}
