import type { Exporter } from './_base.ts';
import { cHeader } from './c-header.ts';
import { cmake } from './cmake.ts';
import { env } from './env.ts';
import { hexagonMlir } from './hexagon-mlir.ts';
import { json } from './json.ts';
import { t1 } from './t1.ts';
import { t4 } from './t4.ts';

/** Every format of `export`. A new one is added here and nowhere else. */
export const exporters: readonly Exporter[] = Object.freeze([json, cHeader, cmake, env, hexagonMlir, t1, t4]);
