import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { StudyRecord, TargetRecord } from '../../../store/records.ts';
import { INVALID_REASONS } from '../../../store/trial.ts';
import { median } from '../../../tuner/measurement/statistics.ts';
import { LONGEST_US, SHORTEST_US } from '../../../tuner/measurement/time-range.ts';
import { MOST_METRICS, nameProblem, TIME } from '../../../tuner/objectives/metrics.ts';
import { objectiveText, parseObjective } from '../../../tuner/objectives/objective.ts';
import { strategies, strategyFor, strategyNames } from '../../../tuner/strategies/registry.ts';
import { newKernelName } from '../../ask/kernel-reference.ts';
import { limitsSchema, objectiveSchema } from '../../ask/study-spec.ts';
import type { Told } from '../../daemon/ask-tell.ts';
import { configurationSchema, timeUs } from '../../documents/parts.ts';
import { type OpaqueKernel, UNKNOWN_DTYPE } from '../../kernels/opaque.ts';
import { kernelRecord } from '../../kernels/record.ts';
import { parseShape } from '../../kernels/shape.ts';
import type { Desk } from '../desk.ts';
import { HARNESS, isOfHarness } from '../harness.ts';
import { conflict } from '../http-error.ts';
import { defineRoute, type Route } from '../route.ts';
import { nothing, studyPath } from '../schemas.ts';
import { studyAnswer, studyAnswerOf } from '../study-answer.ts';
import { studyNamed } from './studies.ts';

const name = z.string().min(1).max(200);
const MOST_AT_ONCE = 256;
const USUAL_LEASE_MS = 10 * 60_000;
const LONGEST_LEASE_MS = 24 * 3600_000;

const newStudy = z.strictObject({
  kernel: z.strictObject({
    name: newKernelName.max(200),
    shape: z.string().optional().describe('1048576, 2^20 or 64x16384.'),
    dtype: name.optional(),
  }),
  target: z.strictObject({
    name,
    description: z
      .string()
      .max(2000)
      .default('')
      .describe(
        'Firmware, compiler, flags: everything that changes results. A different text is a different target.',
      ),
  }),
  // Read where it is built, on another thread.
  space: z.unknown().describe('A space file (docs/spaces.md): ours, T1, or a benchmark’s definition.'),
  default: configurationSchema
    .optional()
    .describe(
      'What is used today, tried first; if absent, the space’s own default, or its first configuration.',
    ),
  strategy: z
    .string()
    .optional()
    .describe(`One of: ${strategyNames.join(', ')}.`),
  objective: objectiveSchema.optional(),
  limits: limitsSchema.optional(),
  seed: z.int().nonnegative().default(1),
});

const openStudy = defineRoute({
  method: 'POST',
  path: '/v1/studies',
  summary:
    'Open a study whose trials you measure, with your own space and a kernel that only your device runs',
  params: nothing,
  query: nothing,
  body: newStudy,
  status: 201,
  answer: studyAnswer,
  async act({ body }, desk, left) {
    const objective = parseObjective(body.objective ?? TIME, body.limits ?? []);
    const strategy = strategyFor(body.strategy ?? strategies[0].name, objective.names.length);
    const request = {
      kernel: kernelRecord(kernelOf(body.kernel), 'opaque'),
      target: targetOf(body.target),
      space: body.space,
      default: body.default,
      strategy: strategy.name,
      objective: objectiveText(objective),
      seed: body.seed,
      toolVersion: desk.toolVersion,
    };
    const { id, state } = await desk.asks.openStudy(request, left);
    if (state !== 'open') await desk.daemon.act('resume', [id]);
    return studyAnswerOf(await studyNamed(id, desk), undefined);
  },
});

const proposed = z
  .strictObject({
    configuration: configurationSchema,
    subset: z.string().describe('The mechanisms whose gain it is proposed for.'),
    origin: z.string(),
    leaseMs: z.number().describe('After this time it may be proposed to another harness, too.'),
  })
  .readonly();

const ask = defineRoute({
  method: 'POST',
  path: '/v1/studies/{id}/ask',
  summary: 'Configurations to measure; none when all are measured or being measured',
  params: studyPath,
  query: nothing,
  body: z
    .strictObject({
      count: z.int().min(1).max(MOST_AT_ONCE).default(1),
      leaseMs: z.int().min(1).max(LONGEST_LEASE_MS).default(USUAL_LEASE_MS),
    })
    .default({ count: 1, leaseMs: USUAL_LEASE_MS }),
  answer: z.strictObject({ trials: z.array(proposed) }),
  async act({ params: { id }, body: { count, leaseMs } }, desk) {
    const study = await measuredElsewhere(id, desk);
    if (study.state !== 'open') throw conflict(`study ${study.id} is ${study.state}; resume it first`);
    const leases = await desk.asks.ask(study, count, leaseMs);
    return {
      trials: leases.map(({ proposal: { configuration, subset, origin } }) => ({
        configuration,
        subset,
        origin,
        leaseMs,
      })),
    };
  },
});

const metricName = z
  .string()
  .max(64)
  .refine((name) => nameProblem(name) === undefined, 'is not the name of a metric (docs/devices.md)');

/** Bounded, so that whatever is computed from times stays a number. */
const toldUs = timeUs.min(SHORTEST_US).max(LONGEST_US);

const toldMetrics = z
  .record(metricName, z.number().nonnegative())
  .refine((metrics) => Object.keys(metrics).length <= MOST_METRICS, `at most ${MOST_METRICS} metrics`)
  .exactOptional()
  .describe('What was measured besides the time, by name; medians, where the times are samples.');

const measured = z.union([
  z.strictObject({ configuration: configurationSchema, timeUs: toldUs, metrics: toldMetrics }),
  z.strictObject({
    configuration: configurationSchema,
    samplesUs: z.array(toldUs).min(1).max(10_000),
    metrics: toldMetrics,
  }),
  z.strictObject({
    configuration: configurationSchema,
    invalid: z.strictObject({
      reason: z.enum(INVALID_REASONS),
      message: z.string().max(2000).default(''),
    }),
  }),
]);

const tell = defineRoute({
  method: 'POST',
  path: '/v1/studies/{id}/tell',
  summary: 'Results, or why there are none; on the disk when answered',
  params: studyPath,
  query: nothing,
  body: z.strictObject({ results: z.array(measured).min(1).max(MOST_AT_ONCE) }),
  answer: z.strictObject({
    settled: z.array(z.int()).describe('Numbers of the trials that were settled.'),
    repeated: z.int().describe('Results refused because their configuration had one already.'),
  }),
  async act({ params: { id }, body: { results } }, desk) {
    const study = await measuredElsewhere(id, desk);
    const { settled, repeated } = await desk.asks.tell(study, results.map(toldOf));
    return { settled: settled.map(({ number }) => number), repeated: repeated.length };
  },
});

const predict = defineRoute({
  method: 'POST',
  path: '/v1/studies/{id}/predict',
  summary: 'Predict the times of configurations from the study’s own trials',
  params: studyPath,
  query: nothing,
  body: z.strictObject({ configurations: z.array(configurationSchema).min(1).max(MOST_AT_ONCE) }),
  answer: z.strictObject({
    predictions: z
      .array(
        z
          .strictObject({ configuration: configurationSchema, timeUs, lowUs: timeUs, highUs: timeUs })
          .readonly(),
      )
      .describe('Median, and two standard deviations to either side.'),
  }),
  async act({ params: { id }, body: { configurations } }, desk) {
    const { study } = await studyNamed(id, desk);
    const predictions = await desk.asks.predict(study, configurations);
    if (predictions === null) throw conflict(`study ${study.id} has too few times to predict from`);
    return {
      predictions: predictions.map(({ meanLog, sdLog }, place) => ({
        configuration: configurations[place],
        timeUs: Math.exp(meanLog),
        lowUs: Math.exp(meanLog - 2 * sdLog),
        highUs: Math.exp(meanLog + 2 * sdLog),
      })),
    };
  },
});

/** A study measured by an external harness. Throws HttpError for any other. */
async function measuredElsewhere(id: string, desk: Desk): Promise<StudyRecord> {
  const { study } = await studyNamed(id, desk);
  if (!(await isOfHarness(study, desk)))
    throw conflict(
      `study ${study.id} is measured by nightshift itself, or was imported: no harness measures it`,
    );
  return study;
}

function kernelOf({ name, shape, dtype }: z.infer<typeof newStudy>['kernel']): OpaqueKernel {
  const extents = shape === undefined ? [] : parseShape(shape);
  return { kind: 'opaque', name, shape: extents, dtype: dtype ?? UNKNOWN_DTYPE };
}

function targetOf({ name, description }: z.infer<typeof newStudy>['target']): TargetRecord {
  const text = JSON.stringify([HARNESS, name, description]);
  const fingerprint = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return {
    fingerprint,
    name,
    kind: 'device',
    description: { harness: HARNESS, said: description },
    features: {},
  };
}

function toldOf(result: z.infer<typeof measured>): Told {
  const { configuration } = result;
  if ('invalid' in result) return { configuration, outcome: { state: 'invalid', ...result.invalid } };
  const samplesUs = 'timeUs' in result ? [result.timeUs] : result.samplesUs;
  const { metrics } = result;
  const timed = { state: 'timed', timeUs: median(samplesUs), samplesUs } as const;
  return { configuration, outcome: { ...timed, ...(metrics && { metrics }) } };
}

export const askTellRoutes: readonly Route[] = Object.freeze([openStudy, ask, tell, predict]);
