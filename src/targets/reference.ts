import { z } from 'zod';

/** Names of devices: a star stands for any characters; a comma between several, whose devices measure together. */
export const devicePatternSchema = z
  .string()
  .regex(/^[A-Za-z0-9._*-]{1,64}(,[A-Za-z0-9._*-]{1,64}){0,255}$/, {
    error:
      'names of devices with commas between them, each of at most 64 letters, digits, . _ - and *: board-*',
  })
  .describe('Devices of the fleet (docs/fleet.md): board-1, board-*, or both with a comma.');

/**
 * How a target is named: by a known name or by a target file's content, never by a path. `local` is a
 * device or a table that only the process with the user's command line can use, `device` one of a daemon's fleet.
 */
export const targetReferenceSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('named'),
      name: z.string().min(1).max(200).describe('As `nightshift targets` lists them.'),
    }),
    z.strictObject({
      kind: z.literal('machine'),
      source: z.string().max(4096).describe('Where it came from: shown, never opened.'),
      machine: z.json().describe('A target file’s content (docs/targets.md).'),
      compiled: z
        .literal(true)
        .exactOptional()
        .describe(
          'With packets of object code (docs/hexagon.md); a name says it itself: hexagon-v73-compiled.',
        ),
    }),
    z.strictObject({ kind: z.literal('local'), name: z.string().min(1).max(200) }),
    z.strictObject({
      kind: z.literal('device'),
      device: devicePatternSchema,
      fingerprint: z
        .string()
        .max(200)
        .exactOptional()
        .describe('Of those, the ones of this fingerprint; the daemon makes a study for each if absent.'),
    }),
  ])
  .readonly();

export type TargetReference = z.infer<typeof targetReferenceSchema>;

/** What its user calls it. */
export function targetWord(reference: TargetReference): string {
  if (reference.kind === 'machine') return reference.source;
  return reference.kind === 'device' ? reference.device : reference.name;
}
