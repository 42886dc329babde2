import { createHash } from 'node:crypto';
import type { SearchSpace } from '../../../../search-space/search-space.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import type { Target } from '../../_base.ts';
import { MODEL_REVISION, targetFingerprint } from '../machine/load.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import { loweredForNpu } from '../policy.ts';
import { defaultConfiguration } from '../space/default.ts';
import { whyNoMatrixUnit } from '../space/lacking.ts';
import { simulatedTarget } from '../target.ts';
import { compiledBackend } from './compiled-backend.ts';
import { compiledName } from './compiled-names.ts';
import { compiledSpace } from './compiled-space.ts';
import { HEXAGON_COMPILER, type HexagonTools, hexagonTools } from './hexagon-tools.ts';

/** Raised when code for the same configuration, or how its packets are counted, changes. */
const COMPILED_REVISION = 2;

const NO_MATRIX_CODE = 'no code for the matrix unit is compiled: leave --compiled out';

/**
 * A simulated Hexagon whose computation is object code. Without `tools` they are looked for when a backend is
 * opened: who only asks for results needs none.
 */
export function compiledTarget(machine: SimulatedTarget, tools?: HexagonTools): Target {
  const simulated = simulatedTarget(machine);
  const { processor } = machine;
  if (processor === undefined) throw new Error(`${machine.name} names no processor`);
  const spaces = new WeakMap<Kernel, SearchSpace>();
  const space = (kernel: Kernel): SearchSpace => {
    const known = spaces.get(kernel) ?? compiledSpace(kernel, machine, hasIeeeFloats(processor));
    spaces.set(kernel, known);
    return known;
  };
  const made = { compiler: tools?.version ?? HEXAGON_COMPILER, processor, revision: COMPILED_REVISION };
  return Object.freeze<Target>({
    ...simulated,
    name: compiledName(machine.name),
    kind: 'compiled',
    fingerprint: createHash('sha256')
      .update(JSON.stringify([targetFingerprint(machine), made]))
      .digest('hex')
      .slice(0, 16),
    description: { machine, modelRevision: MODEL_REVISION, ...made },
    space,
    whyLacking: (kernel, name) =>
      whyNoMatrixUnit(loweredForNpu(kernel), machine, name) ??
      (name === 'unit' || name === 'weights' ? NO_MATRIX_CODE : undefined),
    // The memory that operands are staged in, and what allocates them, begin at whole vectors.
    defaultConfiguration: (kernel, within) =>
      defaultConfiguration(kernel, machine, within, { alignment: 'vectors' }),
    async checkTools() {
      if (tools === undefined) await hexagonTools();
    },
    backend: async (kernel, _, limits) =>
      compiledBackend({
        kernel,
        target: machine,
        space: space(kernel),
        tools: tools ?? (await hexagonTools()),
        processor,
        ...limits,
      }),
  });
}

/** Whether its vector unit computes on IEEE floats as well as on its own. */
function hasIeeeFloats(processor: string): boolean {
  return processor >= 'hexagonv73';
}
