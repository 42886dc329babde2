import { defineSpace } from '../../search-space/define-space.ts';
import { InputError } from '../../search-space/input-error.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { readSpaceFile } from '../../search-space/space-file.ts';
import {
  closedCache,
  importKernelTunerCache,
  looksLikeKernelTunerCache,
} from '../importers/kernel-tuner/import-cache.ts';
import { importT1, looksLikeT1 } from '../importers/t1/import-t1.ts';
import { importT4, looksLikeT4 } from '../importers/t4/import-t4.ts';
import type { Described, TuningResults } from '../importers/tuning-results.ts';
import { parseJson } from '../text/parse-json.ts';
import { readJson, readText } from '../text/read-json.ts';

export type ResultsFormat = 't1' | 't4' | 'kernel-tuner';
export type ReadResults = Readonly<{ format: ResultsFormat; tuning: TuningResults }>;

/**
 * Reads another tuner's results: T1, T4 or a Kernel Tuner cache, plain or gzipped. `spacePath` names the
 * T1 or space file that a T4 file belongs to. Throws InputError for any other file.
 */
export function readResults(
  path: string,
  described: Described,
  spacePath: string | undefined,
  toolVersion: string,
): ReadResults {
  const data = parseResults(path, readText('file', path));
  if (looksLikeT1(data)) return { format: 't1', tuning: importT1(data, described, toolVersion) };
  if (looksLikeKernelTunerCache(data)) {
    return { format: 'kernel-tuner', tuning: importKernelTunerCache(data, described, toolVersion) };
  }
  if (looksLikeT4(data)) {
    const space = spacePath === undefined ? undefined : readSpace(spacePath);
    return { format: 't4', tuning: importT4(data, described, space, toolVersion) };
  }
  throw new InputError(
    path,
    'is neither T1, T4 nor a Kernel Tuner cache',
    'docs/exports.md describes the formats',
  );
}

function readSpace(path: string): SearchSpace {
  const { parameters, constraints } = readSpaceFile(readJson('--space', path));
  return defineSpace(parameters, constraints);
}

function parseResults(path: string, text: string): unknown {
  try {
    return parseJson(path, text);
  } catch (error) {
    if (text.includes('"tune_params"')) return parseOpenCache(path, text);
    throw error;
  }
}

/** A cache that Kernel Tuner has not closed yet. */
function parseOpenCache(path: string, text: string): unknown {
  try {
    return parseJson(path, closedCache(text));
  } catch {
    throw new InputError(path, 'is a Kernel Tuner cache that breaks off in the middle of an entry');
  }
}
