import { parse as parseYaml, stringify as yamlText } from 'yaml';
import { z } from 'zod';
import { InputError } from '../../search-space/input-error.ts';
import { describeIssue } from '../text/describe-issue.ts';
import { parseDuration } from '../text/duration.ts';

const text = z.string().min(1);
const value = z.union([z.number(), z.string(), z.boolean()]);

const budget = z
  .strictObject({
    trials: z.int().positive().describe('Settled trials.'),
    for: text.describe('Working time: 40s, 10m, 6h.'),
    until: text.describe('Time of day, HH:MM in the plan’s time zone.'),
  })
  .partial();

const done = z.strictObject({
  gain: z.number().positive().describe('A gain below this counts as none: 0.01 is one per cent.'),
  trials: z.int().positive().describe('So many trials without a gain, and a study is done.'),
});

const study = z.strictObject({
  kernel: text.describe('A library kernel, a .ttir file (relative to the plan), or an imported kernel.'),
  shapes: z
    .array(text)
    .nonempty()
    .optional()
    .describe('"65536", "2^20", "64x16384"; the kernel’s own if absent.'),
  dtype: text.optional(),
  targets: z.array(text).nonempty().optional(),
  strategy: text.optional(),
  values: z.record(text, z.array(value).nonempty()).optional().describe('Parameters held to values.'),
  start: z.array(z.record(text, value)).optional().describe('Configurations known to be good, tried first.'),
  priority: z.number().optional().describe('Higher goes first.'),
  calls: z
    .int()
    .positive()
    .optional()
    .describe('How often a model calls it: its weight in the sum of gains.'),
  budget: budget.optional(),
});

/** A night's work: kernels × shapes × targets, with budgets. */
export const planSchema = z
  .strictObject({
    seed: z.int().nonnegative().default(1),
    timeZone: text.default('UTC').describe('For `until`: a name such as Europe/Berlin.'),
    targets: z.array(text).nonempty().optional().describe('For every study that names none of its own.'),
    strategy: text.optional(),
    studies: z.array(study).nonempty(),
    budget: budget.optional().describe('Of each study that has none of its own.'),
    total: budget.optional().describe('Of the whole plan.'),
    done: done.default({ gain: 0.01, trials: 200 }),
  })
  .meta({ title: 'A plan for nightshift submit' });

export type Plan = z.infer<typeof planSchema>;
/** A plan as a person writes it: what has a usual value may be left out. */
export type WrittenPlan = z.input<typeof planSchema>;
export type PlanBudget = z.infer<typeof budget>;

/** Parses a plan's text (YAML, of which JSON is a part). Throws InputError naming the field. */
export function parsePlan(file: string, source: string): Plan {
  const given = readYaml(file, source);
  const parsed = planSchema.safeParse(given);
  if (!parsed.success) {
    const problem = describeIssue(parsed.error.issues[0], given, planSchema);
    throw new InputError(file, problem, 'docs/schema/plan.json says what may stand there');
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
  return yamlText(plan, { flowCollectionPadding: false, lineWidth: 110 });
}

function readYaml(file: string, source: string): unknown {
  try {
    return parseYaml(source);
  } catch (error) {
    throw new InputError(file, error instanceof Error ? error.message.split('\n')[0] : 'is not YAML');
  }
}
