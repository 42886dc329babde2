import { z } from 'zod';
import { InputError } from '../../search-space/input-error.ts';
import type { Configuration } from '../../search-space/parameter.ts';
import { readJson } from '../text/read-json.ts';

const configuration = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]));
const startFile = z.union([
  z.object({ configuration }).transform((document) => [document.configuration]),
  z.object({ best: z.object({ configuration }) }).transform(({ best }) => [best.configuration]),
  z.array(configuration).min(1),
  configuration.transform((only) => [only]),
]);

/**
 * Reads a start file: a configuration, a list of them, or the output of `best` or `tune --format json`.
 * Throws InputError for anything else.
 */
export function readStart(path: string): readonly Configuration[] {
  const parsed = startFile.safeParse(readJson('--start', path));
  if (parsed.success) return parsed.data;
  throw new InputError(
    '--start',
    `${path} contains no configuration`,
    'write {"threads": 4, …}, a list of these, or the output of `nightshift best --format json`',
  );
}
