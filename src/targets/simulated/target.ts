import type { JsonObject } from '../../../store/records.ts';
import { simulatorBackend } from '../../backends/simulator/backend.ts';
import { geometryOf } from '../../backends/simulator/geometry.ts';
import { readSchedule } from '../../backends/simulator/schedule.ts';
import { modelOf } from '../../backends/simulator/simulate.ts';
import type { Target } from '../_base.ts';
import { calibrationOf } from './calibration.ts';
import { defaultConfiguration } from './default.ts';
import { targetFeatures } from './features.ts';
import { MODEL_REVISION, targetFingerprint } from './load.ts';
import type { SimulatedTarget } from './schema.ts';
import { buildSpace } from './space.ts';

/** A simulated machine as something to tune for. */
export function simulatedTarget(target: SimulatedTarget): Target {
  return {
    name: target.name,
    kind: 'simulator',
    fingerprint: targetFingerprint(target),
    features: targetFeatures(target),
    description: description(target),
    space: (kernel) => buildSpace(kernel, target),
    defaultConfiguration: (kernel, space) => defaultConfiguration(kernel, target, space),
    scratchpadBytes: (kernel, configuration) =>
      modelOf(kernel, target).scratchpadBytes(readSchedule(configuration, geometryOf(kernel))),
    backend: async (kernel, space) => simulatorBackend({ kernel, target, space }),
  };
}

function description(target: SimulatedTarget): JsonObject {
  const calibration = calibrationOf(target);
  return {
    modelRevision: MODEL_REVISION,
    figures: structuredClone(target),
    calibration:
      calibration === undefined
        ? 'this target has no calibration: its gains have no interval'
        : { sets: calibration.sets.length, tolerance: calibration.tolerance },
  };
}
