import type { z } from 'zod';
import { abDocumentSchema } from './ab.ts';
import { bestDocumentSchema, bestsDocumentSchema, robustDocumentSchema } from './best.ts';
import { calibrateDocumentSchema } from './calibrate.ts';
import { compareDocumentSchema } from './compare.ts';
import { exportDocumentSchema } from './export.ts';
import { studyDocumentSchema, tunedShapesDocumentSchema } from './findings.ts';
import { importDocumentSchema } from './import.ts';
import { importResultsDocumentSchema } from './import-results.ts';
import { importanceDocumentSchema } from './importance.ts';
import { kernelDocumentSchema } from './kernel.ts';
import {
  figuresDocumentSchema,
  kernelsDocumentSchema,
  studiesDocumentSchema,
  targetsDocumentSchema,
  trialsDocumentSchema,
} from './lists.ts';
import { lockCheckDocumentSchema, lockDocumentSchema } from './lock.ts';
import { modelDocumentSchema } from './model.ts';
import { scalingDocumentSchema } from './scaling.ts';
import { simulateDocumentSchema } from './simulate.ts';
import { spaceDocumentSchema } from './space.ts';
import { verifyDocumentSchema } from './verify.ts';
import { whatIfDocumentSchema } from './what-if.ts';
import { whyDocumentSchema } from './why.ts';

/** The schemas of all JSON documents that commands print or write, by their file's name in docs/schema. */
export const documentSchemas: Readonly<Record<string, z.ZodType>> = Object.freeze({
  study: studyDocumentSchema,
  'tuned-shapes': tunedShapesDocumentSchema,
  ab: abDocumentSchema,
  best: bestDocumentSchema,
  bests: bestsDocumentSchema,
  robust: robustDocumentSchema,
  calibrate: calibrateDocumentSchema,
  compare: compareDocumentSchema,
  export: exportDocumentSchema,
  scaling: scalingDocumentSchema,
  simulate: simulateDocumentSchema,
  kernel: kernelDocumentSchema,
  import: importDocumentSchema,
  'import-results': importResultsDocumentSchema,
  importance: importanceDocumentSchema,
  lock: lockDocumentSchema,
  'lock-check': lockCheckDocumentSchema,
  model: modelDocumentSchema,
  space: spaceDocumentSchema,
  kernels: kernelsDocumentSchema,
  targets: targetsDocumentSchema,
  figures: figuresDocumentSchema,
  studies: studiesDocumentSchema,
  trials: trialsDocumentSchema,
  verify: verifyDocumentSchema,
  'what-if': whatIfDocumentSchema,
  why: whyDocumentSchema,
});
