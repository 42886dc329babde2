import { z } from 'zod';
import { devicePatternSchema, targetReferenceSchema } from '../targets/reference.ts';
import { kernelReferenceSchema } from './kernel-reference.ts';
import {
  forbiddenSchema,
  heldSchema,
  limitsSchema,
  objectiveSchema,
  startSchema,
  timeoutSchema,
  waveSchema,
} from './study-spec.ts';

const text = z.string().min(1).max(1000);
const value = z.union([z.number(), z.string().max(1000), z.boolean()]);

/** A name, or a file's content. */
const kernel = z.union([text, kernelReferenceSchema]);
/** A target file; only the command line reads one, and sends its content. */
const targetFile = z.strictObject({
  file: text.describe('A target file, relative to the plan.'),
  compiled: z.literal(true).exactOptional().describe('With packets of object code (docs/hexagon.md).'),
});
const targets = z
  .array(z.union([text, z.strictObject({ device: devicePatternSchema }), targetFile, targetReferenceSchema]))
  .nonempty()
  .max(1000);

const budget = z
  .strictObject({
    trials: z.int().positive().describe('Settled trials.'),
    for: text.describe('Working time: 40s, 10m, 6h.'),
    until: text.describe('Time of day, HH:MM in the plan’s time zone.'),
  })
  .partial();

const done = z.strictObject({
  gain: z.number().positive().describe('A gain below this counts as none: 0.01 is one per cent.'),
  trials: z.int().positive().describe('A study is done after this many trials without a gain.'),
});

const verify = z
  .union([
    z.boolean(),
    z
      .strictObject({
        by: z
          .number()
          .nonnegative()
          .lt(1)
          .describe('Faster than the default by more than this: 0.02 is 2 %.'),
        for: text.describe('On a real clock, at most this long: 5m; else 2m.'),
      })
      .partial(),
  ])
  .describe('Whether to time what was found anew beside the default, as nightshift verify does.');

const study = z.strictObject({
  kernel: kernel.describe('A library kernel, a .ttir file (relative to the plan), or an imported kernel.'),
  shapes: z
    .array(text)
    .nonempty()
    .max(10_000)
    .optional()
    .describe('"65536", "2^20", "64x16384"; the kernel’s own if absent.'),
  dtype: text.optional(),
  targets: targets.optional(),
  strategy: text.optional(),
  objective: objectiveSchema.optional(),
  limits: limitsSchema.optional(),
  fix: z.record(text, value).optional().describe('Parameters fixed to one value each.'),
  values: heldSchema.optional(),
  forbid: forbiddenSchema.optional(),
  start: startSchema.optional(),
  timeout: timeoutSchema.optional(),
  wave: waveSchema.optional(),
  priority: z.number().optional().describe('Higher goes first.'),
  calls: z
    .int()
    .positive()
    .optional()
    .describe('How often a model calls it: its weight in the sum of gains.'),
  budget: budget.optional(),
  verify: verify.optional(),
});

/** A plan: kernels × shapes × targets, with budgets. */
export const planSchema = z
  .strictObject({
    name: text.optional().describe('What it is called; nightshift submit takes the name of its file.'),
    seed: z.int().nonnegative().default(1),
    timeZone: text.default('UTC').describe('For `until`: a name such as Europe/Berlin.'),
    targets: targets.optional().describe('For every study that names none of its own.'),
    strategy: text.optional(),
    wave: waveSchema.optional().describe('Of each study that names none of its own.'),
    studies: z.array(study).nonempty().max(10_000),
    budget: budget.optional().describe('Of each study that has none of its own.'),
    total: budget.optional().describe('Of the whole plan.'),
    verify: verify.optional().describe('Of each study that does not say it itself.'),
    done: done
      .nullable()
      .default({ gain: 0.01, trials: 200 })
      .describe('When a study is done before its budget is spent; null: never.'),
  })
  .meta({ title: 'A plan for nightshift submit' });

export type Plan = z.infer<typeof planSchema>;
/** A plan before parsing: fields with a default may be left out. */
export type WrittenPlan = z.input<typeof planSchema>;
export type PlanBudget = z.infer<typeof budget>;
