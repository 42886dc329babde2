import { basename, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { hasFolder, isKernelPath, type KernelReference } from '../ask/kernel-reference.ts';
import { parseTarget } from '../targets/npu/machine/load.ts';
import type { TargetReference } from '../targets/reference.ts';
import { readJson, readText } from '../text/read-json.ts';

/** The kernel that a word names. The only place that reads such a path. Throws InputError if it cannot be read. */
export function kernelReference(word: string, folder = '.'): KernelReference {
  if (!isKernelPath(word)) return { kind: 'named', name: word };
  const path = asWritten(word, folder);
  return {
    kind: 'ttir',
    name: basename(word, '.ttir'),
    source: resolve(path),
    text: readText('kernel', path),
  };
}

/** The same for a target. Throws InputError for a file that describes none, with its path as the user wrote it. */
export function targetReference(word: string, folder = '.'): TargetReference {
  if (/^(command|replay)(:|$)/.test(word)) return { kind: 'local', name: word };
  if (!word.endsWith('.json') && !hasFolder(word)) return { kind: 'named', name: word };
  const path = asWritten(word, folder);
  const machine = readJson('target', path);
  parseTarget(machine, path);
  return { kind: 'machine', source: resolve(path), machine: z.json().parse(machine) };
}

/** The path that errors show; one in a plan is relative to the plan's folder. */
function asWritten(word: string, folder: string): string {
  return folder === '.' || isAbsolute(word) ? word : join(folder, word);
}
