import { z } from 'zod';
import { InputError } from '../../search-space/input-error.ts';
import { deepFreeze } from './freeze.ts';
import type { Kernel } from './ir.ts';
import { kernelSchema } from './schema.ts';
import { validateKernel } from './validate.ts';

/** JSON with sorted keys. Numbers that JSON has no word for are the strings 'NaN', '-Infinity', '-0' … */
export function canonicalJson(data: unknown): string {
  return JSON.stringify(data, (_, value: unknown) => {
    if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
      return Object.is(value, -0) ? '-0' : String(value);
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

export function serializeKernel(kernel: Kernel): string {
  return canonicalJson(kernel);
}

/** The frozen, validated kernel in `text`. Throws InputError where it is no kernel. */
export function parseKernel(text: string): Kernel {
  const parsed = kernelSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    throw new InputError('kernel', `${path.join('.') || 'the document'}: ${message}`);
  }
  return deepFreeze(validateKernel(parsed.data));
}

function parseJson(text: string): unknown {
  try {
    return z.json().parse(JSON.parse(text));
  } catch {
    throw new InputError('kernel', 'is not JSON');
  }
}
