import { dirname } from 'node:path';
import type { Plan } from '../ask/plan.ts';
import { parsePlan } from '../ask/plan-text.ts';
import { withCompiledCode } from '../targets/resolve.ts';
import { readText } from '../text/read-json.ts';
import { kernelReference, targetReference } from './references.ts';

type Targets = NonNullable<Plan['targets']>;

/**
 * Reads a plan. Files that it names, relative to its folder, are replaced by their content.
 * Throws InputError for a bad plan, and for a named file that cannot be read.
 */
export function readPlanFile(path: string): Plan {
  const plan = parsePlan(path, readText('plan', path));
  const folder = dirname(path);
  const read = (targets: Targets): Targets => {
    const [first, ...others] = targets.map((target) => contentOf(target, folder));
    return [first, ...others];
  };
  const [first, ...others] = plan.studies.map((study) => ({
    ...study,
    kernel: typeof study.kernel === 'string' ? kernelReference(study.kernel, folder) : study.kernel,
    ...(study.targets !== undefined && { targets: read(study.targets) }),
  }));
  return {
    ...plan,
    ...(plan.targets !== undefined && { targets: read(plan.targets) }),
    studies: [first, ...others],
  };
}

function contentOf(target: Targets[number], folder: string): Targets[number] {
  if (typeof target === 'string') return targetReference(target, folder);
  if (!('file' in target)) return target;
  const reference = targetReference(target.file, folder);
  return target.compiled === true ? withCompiledCode(reference) : reference;
}
