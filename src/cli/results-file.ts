import type { BuildSpace } from '../../search-space/define-space.ts';
import { InputError } from '../../search-space/input-error.ts';
import { preferredIn } from '../../search-space/preferred.ts';
import { readSpaceFile } from '../../search-space/space-file.ts';
import {
  CACHE_LISTS,
  importKernelTunerCache,
  looksLikeKernelTunerCache,
} from '../importers/kernel-tuner/import-cache.ts';
import { importT1, looksLikeT1 } from '../importers/t1/import-t1.ts';
import { type GivenSpace, importT4, looksLikeT4, T4_LISTS } from '../importers/t4/import-t4.ts';
import type { Described, TuningResults } from '../importers/tuning-results.ts';
import { fileSource, openJson } from '../text/json-file.ts';
import { MOST_OF_SPACE, readJson } from '../text/read-json.ts';

export type ResultsFormat = 't1' | 't4' | 'kernel-tuner';
export type ReadResults = Readonly<{ format: ResultsFormat; tuning: TuningResults }>;

/**
 * Reads another tuner's results: T1, T4 or a Kernel Tuner cache, plain or gzipped. `spacePath` names the
 * T1 or space file that a T4 file belongs to. Throws InputError for any other file.
 */
export async function readResults(
  path: string,
  described: Described,
  spacePath: string | undefined,
  toolVersion: string,
  build: BuildSpace,
): Promise<ReadResults> {
  const file = await openJson(await fileSource(path), [...T4_LISTS, ...CACHE_LISTS]);
  if (spacePath !== undefined && !looksLikeT4(file))
    throw new InputError('--space', `means nothing to ${path}`, 'it belongs to a T4 file');
  if (looksLikeT1(file)) return { format: 't1', tuning: await importT1(file, described, toolVersion, build) };
  if (looksLikeKernelTunerCache(file))
    return { format: 'kernel-tuner', tuning: await importKernelTunerCache(file, described, toolVersion) };
  if (looksLikeT4(file)) {
    const space = spacePath === undefined ? undefined : await readSpace(spacePath, build);
    return { format: 't4', tuning: await importT4(file, described, space, toolVersion, build) };
  }
  const problem =
    file.ending === 'whole' ? 'is neither T1, T4 nor a Kernel Tuner cache' : 'breaks off before its results';
  throw new InputError(path, problem, 'docs/exports.md describes the formats');
}

/** A default that is not of the space is left out: somebody else's file need not be mended for its results. */
async function readSpace(path: string, build: BuildSpace): Promise<GivenSpace> {
  const definition = readSpaceFile(readJson('--space', path, MOST_OF_SPACE));
  const space = await build(definition);
  return { space, preferred: preferredIn(space, definition).preferred };
}
