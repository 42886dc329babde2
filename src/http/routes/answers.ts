import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { MECHANISMS } from '../../../search-space/parameter.ts';
import { objectiveText, readObjective } from '../../../tuner/objectives/objective.ts';
import { meantKernels } from '../../ask/own-kernels.ts';
import { bestDocumentSchema } from '../../documents/best.ts';
import { parseFindings, storedReference } from '../../documents/findings.ts';
import { type SizedFindings, scalingDocument, scalingDocumentSchema } from '../../documents/scaling.ts';
import { parseShape } from '../../kernels/shape.ts';
import { notFound } from '../http-error.ts';
import { defineRoute, type Route } from '../route.ts';
import { kernelQuery, noBody, nothing } from '../schemas.ts';

const question = z.strictObject({
  ...kernelQuery,
  objective: z
    .string()
    .optional()
    .describe('What the asked studies seek, as answers say it: "time,energyJ where bytes<=4096".'),
});

const best = defineRoute({
  method: 'GET',
  path: '/v1/best',
  summary: 'The configuration to use for a kernel on a target',
  params: nothing,
  query: question,
  body: noBody,
  answer: bestDocumentSchema,
  async act({ query: { kernel, shape, dtype, target, objective } }, { questions }) {
    const sought = objective === undefined ? undefined : objectiveText(readObjective(objective));
    return questions.best({ kernel, shape, dtype, target, objective: sought });
  },
});

const scaling = defineRoute({
  method: 'GET',
  path: '/v1/scaling',
  summary: 'A mechanism’s gain at each size that was tuned',
  params: nothing,
  query: z.strictObject({
    kernel: kernelQuery.kernel,
    dtype: kernelQuery.dtype,
    target: kernelQuery.target,
    mechanism: z.enum(MECHANISMS).default('mt'),
  }),
  body: noBody,
  answer: scalingDocumentSchema,
  async act({ query: { kernel, dtype, target, mechanism } }, { daemon: { store } }) {
    const summaries = await store.studies({ kernelName: kernel, targetName: target });
    const sized = new Map<string, SizedFindings & { elements: number }>();
    const meant = meantKernels(
      kernel,
      summaries.map((summary) => summary.kernel),
    );
    for (const summary of summaries) {
      // Others of these names are other computations and machines.
      if (!meant.includes(summary.kernel) || summary.target.name !== target) continue;
      if (dtype !== undefined && summary.kernel.dtype !== dtype) continue;
      const { shape } = summary.kernel;
      const stored = sized.has(shape) ? undefined : await store.findings(summary.study.id);
      const findings = parseFindings(stored);
      if (findings === undefined) continue;
      // There may be hundreds, so other requests are answered in between.
      await nextTurn();
      const elements = parseShape(shape).reduce((product, extent) => product * extent, 1);
      sized.set(shape, { reference: storedReference(summary), findings, elements });
    }
    if (sized.size === 0) throw notFound(`no study of ${kernel} on ${target} has ended`);
    return scalingDocument(
      mechanism,
      [...sized.values()].sort((a, b) => a.elements - b.elements),
    );
  },
});

const model = defineRoute({
  method: 'GET',
  path: '/v1/model',
  summary: 'The latest learned cost model of a kind',
  params: nothing,
  query: z.strictObject({ kind: z.string().min(1) }),
  body: noBody,
  answer: z.strictObject({
    version: z.string(),
    kind: z.string(),
    createdAt: z.string(),
    bytes: z.int(),
    metrics: z.record(z.string(), z.json()),
  }),
  async act({ query: { kind } }, { daemon: { store } }) {
    const latest = await store.latestModel(kind);
    if (latest === undefined) throw notFound(`no model of kind '${kind}' has been learned yet`);
    const { version, createdAt, metrics, blob } = latest;
    return {
      version,
      kind,
      createdAt: new Date(createdAt).toISOString(),
      bytes: blob.length,
      metrics: JSON.parse(JSON.stringify(metrics)),
    };
  },
});

export const answerRoutes: readonly Route[] = Object.freeze([best, scaling, model]);
