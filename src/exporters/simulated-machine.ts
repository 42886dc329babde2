import { z } from 'zod';
import type { TargetRecord } from '../../store/records.ts';

const described = z.object({
  machine: z.object({
    scratchpad: z.object({ bytes: z.number() }),
    compiler: z.object({ name: z.string() }),
  }),
});

/** The machine of a simulated target; undefined if its description has none. */
export function simulatedMachineOf({
  description,
}: TargetRecord): z.infer<typeof described>['machine'] | undefined {
  return described.safeParse(description).data?.machine;
}
