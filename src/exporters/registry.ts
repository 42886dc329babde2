import type { Exporter, StoreExporter } from './_base.ts';
import { cHeader } from './c-header.ts';
import { cSource } from './c-source.ts';
import { cmake } from './cmake.ts';
import { env } from './env.ts';
import { hexagonMlir, hexagonMlirProposed } from './hexagon-mlir.ts';
import { ireeHexagon } from './iree-hexagon.ts';
import { json } from './json.ts';
import { lock } from './lock.ts';
import { t1 } from './t1.ts';
import { t4 } from './t4.ts';

/** Every format of `export` with files for each target. A new one is added here and nowhere else. */
export const exporters: readonly Exporter[] = Object.freeze([
  json,
  cHeader,
  cSource,
  cmake,
  env,
  hexagonMlir,
  hexagonMlirProposed,
  ireeHexagon,
  t1,
  t4,
]);

/** Every format with a file that all targets share. */
export const storeExporters: readonly StoreExporter[] = Object.freeze([lock]);
