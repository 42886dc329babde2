import { basename, resolve } from 'node:path';
import { z } from 'zod';
import type { KernelReference } from '../ask/kernel-reference.ts';
import type { TargetReference } from '../targets/reference.ts';
import { readJson, readText } from '../text/read-json.ts';

/** The kernel that a word names. The only place that reads such a path. Throws InputError if it cannot be read. */
export function kernelReference(word: string, folder = '.'): KernelReference {
  if (!isPath(word, '.ttir')) return { kind: 'named', name: word };
  const source = resolve(folder, word);
  return { kind: 'ttir', name: basename(word, '.ttir'), source, text: readText('kernel', source) };
}

/** The same for a target. */
export function targetReference(word: string, folder = '.'): TargetReference {
  if (/^(command|replay)(:|$)/.test(word)) return { kind: 'local', name: word };
  if (!isPath(word, '.json')) return { kind: 'named', name: word };
  const source = resolve(folder, word);
  return { kind: 'machine', source, machine: z.json().parse(readJson('target', source)) };
}

function isPath(word: string, ending: string): boolean {
  return word.endsWith(ending) || /[/\\]/.test(word);
}
