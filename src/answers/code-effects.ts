import { z } from 'zod';
import type { StoredFindings } from '../../store/records.ts';
import type { CodeEffects } from '../../tuner/attribution/code-effects.ts';

export const codeEffectsSchema = z
  .strictObject({
    idle: z
      .array(z.string())
      .readonly()
      .describe('Parameters that changed nothing in any compiled code: no difference in time is theirs.'),
    bound: z
      .array(z.tuple([z.string(), z.string()]).readonly())
      .readonly()
      .describe(
        'A parameter that changed code only together with another one, and that one: they gain as a pair.',
      ),
    lacking: z
      .strictObject({
        parameter: z.string(),
        value: z.union([z.number(), z.string(), z.boolean()]),
        options: z.array(z.string()).readonly(),
      })
      .readonly()
      .describe('Parameters that code with a value does not have: pinned there, they say nothing.'),
  })
  .readonly();

const withEffects = z.looseObject({ code: codeEffectsSchema });

/** What parameters did to the code of a study; undefined where its findings do not say it. */
export function codeEffectsOf(stored: StoredFindings | undefined): CodeEffects | undefined {
  return withEffects.safeParse(stored?.document).data?.code;
}
