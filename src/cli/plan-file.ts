import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InputError } from '../../search-space/input-error.ts';
import { besidePlan } from './expand-plan.ts';
import { type Plan, parsePlan } from './plan.ts';

/** A plan read from a file, with the texts of the Triton IR files that it names, by the names it uses. */
export type PlanFile = Readonly<{ plan: Plan; files: Readonly<Record<string, string>> }>;

/** Throws InputError for what is no plan, and for a file it names that cannot be read. */
export function readPlanFile(path: string): PlanFile {
  return withFiles(parsePlan(path, readText('plan', path)), dirname(resolve(path)));
}

/** Names of files become whole paths, so that the plan may be read elsewhere. Throws InputError. */
export function withFiles(plan: Plan, folder: string): PlanFile {
  const beside = besidePlan(folder);
  const placed = (name: string): string =>
    name.includes('/') || /\.(ttir|json)$/.test(name) ? beside(name) : name;
  const studies = plan.studies.map((study) => ({
    ...study,
    kernel: placed(study.kernel),
    ...(study.targets !== undefined && { targets: study.targets.map(placed) }),
  }));
  const targets = plan.targets && { targets: plan.targets.map(placed) };
  const files = studies.flatMap(({ kernel }) =>
    kernel.includes('/') ? [[kernel, readText('kernel', kernel)] as const] : [],
  );
  return { plan: { ...plan, ...targets, studies }, files: Object.fromEntries(files) };
}

function readText(field: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new InputError(field, `${path}: ${missing ? 'there is no such file' : 'it cannot be read'}`);
  }
}
