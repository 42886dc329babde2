import type { z } from 'zod';
import { bestDocumentSchema } from './best.ts';
import { studyDocumentSchema } from './findings.ts';
import { importDocumentSchema } from './import.ts';
import { kernelDocumentSchema } from './kernel.ts';
import {
  kernelsDocumentSchema,
  studiesDocumentSchema,
  targetsDocumentSchema,
  trialsDocumentSchema,
} from './lists.ts';
import { modelDocumentSchema } from './model.ts';
import { scalingDocumentSchema } from './scaling.ts';
import { simulateDocumentSchema } from './simulate.ts';

/** Every JSON document that a command prints, by the name of its file in docs/schema. */
export const documentSchemas: Readonly<Record<string, z.ZodType>> = Object.freeze({
  study: studyDocumentSchema,
  best: bestDocumentSchema,
  scaling: scalingDocumentSchema,
  simulate: simulateDocumentSchema,
  kernel: kernelDocumentSchema,
  import: importDocumentSchema,
  model: modelDocumentSchema,
  kernels: kernelsDocumentSchema,
  targets: targetsDocumentSchema,
  studies: studiesDocumentSchema,
  trials: trialsDocumentSchema,
});
