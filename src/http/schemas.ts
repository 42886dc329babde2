import { z } from 'zod';

/** Schemas that several routes share. */
export const nothing = z.strictObject({});
export const noBody = z.unknown().optional();

export const studyPath = z.strictObject({
  id: z.string().min(1).describe('A study by its id, or the beginning of it.'),
});
export const planPath = z.strictObject({ id: z.string().min(1) });

/** The query of a question about a kernel. */
export const kernelQuery = {
  kernel: z.string().min(1).describe('A name from the library, or one it was imported under.'),
  shape: z.string().optional().describe('1048576, 2^20 or 64x16384; the kernel’s own if absent.'),
  dtype: z.string().optional(),
  target: z.string().min(1).describe('A target’s name.'),
};

export function wholeNumber(least: number, most: number, otherwise: number) {
  return z.coerce.number().int().min(least).max(most).default(otherwise);
}
