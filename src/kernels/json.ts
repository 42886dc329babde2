import { InputError } from '../../search-space/input-error.ts';
import { parseJson } from '../text/parse-json.ts';
import { canonicalJson } from './canonical-json.ts';
import { deepFreeze } from './freeze.ts';
import type { Kernel } from './ir.ts';
import { kernelSchema } from './schema.ts';
import { validateKernel } from './validate.ts';

/** The kernel as canonical JSON. */
export function serializeKernel(kernel: Kernel): string {
  return canonicalJson(kernel);
}

/** The kernel that `text` holds as JSON, validated and frozen. Throws InputError where it holds none. */
export function parseKernel(text: string): Kernel {
  const parsed = kernelSchema.safeParse(parseJson('kernel', text));
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    throw new InputError('kernel', `${path.join('.') || 'the document'}: ${message}`);
  }
  return deepFreeze(validateKernel(parsed.data));
}
