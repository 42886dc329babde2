import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { InputError } from '../../search-space/input-error.ts';
import type { Configuration } from '../../search-space/parameter.ts';

const configuration = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]));
const startFile = z.union([
  z.object({ configuration }).transform((document) => [document.configuration]),
  z.object({ best: z.object({ configuration }) }).transform(({ best }) => [best.configuration]),
  z.array(configuration).min(1),
  configuration.transform((only) => [only]),
]);

/**
 * Reads a start file: a configuration, a list of them, or what `best` or `tune --format json` printed.
 * Throws InputError for anything else.
 */
export function readStart(path: string): readonly Configuration[] {
  const parsed = startFile.safeParse(readJson(path));
  if (parsed.success) return parsed.data;
  throw new InputError(
    '--start',
    `${path} holds no configuration`,
    'write {"threads": 4, …}, a list of such, or what `nightshift best --format json` prints',
  );
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new InputError('--start', `cannot read ${path}`, 'is the path right?');
  }
  try {
    return z.json().parse(JSON.parse(text));
  } catch {
    throw new InputError('--start', `${path} is not JSON`);
  }
}
