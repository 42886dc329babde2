import { InputError } from '../../search-space/input-error.ts';
import { readYaml, yamlText } from '../languages/yaml.ts';
import { describeIssue, mainIssue } from '../text/describe-issue.ts';
import { parseDuration } from '../text/duration.ts';
import { type Plan, planSchema, type WrittenPlan } from './plan.ts';

/** Parses a plan's text (YAML, which includes JSON). Throws InputError naming the field. */
export function parsePlan(file: string, source: string): Plan {
  const given = readYaml(file, source);
  const parsed = planSchema.safeParse(given);
  if (!parsed.success) {
    const problem = describeIssue(mainIssue(parsed.error.issues, given), given, planSchema);
    throw new InputError(file, problem, 'docs/schema/plan.json is the schema');
  }
  for (const limits of [
    parsed.data.budget,
    parsed.data.total,
    ...parsed.data.studies.map((entry) => entry.budget),
  ]) {
    if (limits?.for !== undefined) parseDuration(`${file}: for`, limits.for);
  }
  return parsed.data;
}

/** The text of a plan's file. */
export function formatPlan(plan: WrittenPlan): string {
  return yamlText(plan);
}
