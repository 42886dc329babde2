import type { LoggedCall } from '../answers/calibration/logged-calls.ts';
import { toolVersion } from '../ask/tool-version.ts';
import { logResults } from '../importers/device-log/log-results.ts';
import { storeResults } from '../importers/store-results.ts';
import { kernelHash } from '../kernels/hash.ts';
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
): Promise<readonly string[]> {
  const target = simulatedTarget(machine);
  const kernels = new Map(calls.map(({ kernel }) => [kernelHash(kernel), kernel]));
  return writing('calibrate', flags, session, async (store) => {
    const ids: string[] = [];
    for (const [hash, kernel] of kernels) {
      const own = calls.filter((call) => kernelHash(call.kernel) === hash);
      const space = target.space(kernel);
      const preferred = target.defaultConfiguration(kernel, space);
      const results = logResults(kernel, device, space, preferred, own, toolVersion());
      ids.push((await storeResults(results, store, toolVersion())).studyId);
    }
    return ids;
  });
}
