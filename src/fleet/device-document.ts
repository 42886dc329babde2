import { z } from 'zod';
import { TARGET_KINDS } from '../../store/target-kinds.ts';
import type { Listed } from './registry.ts';

const milliseconds = z.number().nullable();

/** A device as `devices`, the dashboard, the metrics and HTTP show it: null is what nobody knows, as its worker is gone. */
export const deviceDocumentSchema = z
  .strictObject({
    device: z.string(),
    isPresent: z.boolean(),
    study: z.string().nullable().describe('What it measures; null while it waits.'),
    since: milliseconds.describe('When it began to, else when its worker came. Milliseconds since 1970.'),
    target: z.string().nullable(),
    kind: z.enum(TARGET_KINDS).nullable(),
    fingerprint: z.string().nullable(),
    kernel: z
      .string()
      .nullable()
      .describe('The one that its program runs; null where it takes every kernel of ours.'),
    host: z.string().nullable(),
    version: z.string().nullable(),
    samples: z.int().nonnegative().describe('By all its workers, as the jobs lost.'),
    msPerSample: milliseconds,
    jobsLost: z.int().nonnegative(),
    setAside: z.string().nullable().describe('Why it gets no jobs for a while; null where it gets some.'),
  })
  .readonly();
export type DeviceDocument = z.infer<typeof deviceDocumentSchema>;

export function deviceDocument({ device, presence, measured, lost, aside }: Listed): DeviceDocument {
  const identity = presence?.identity;
  return {
    device,
    isPresent: presence !== null,
    study: presence?.work?.study ?? null,
    since: presence?.work?.since ?? presence?.since ?? null,
    target: identity?.target.name ?? null,
    kind: identity?.target.kind ?? null,
    fingerprint: identity?.target.fingerprint ?? null,
    kernel: identity?.kernel?.name ?? null,
    host: presence?.host ?? null,
    version: presence?.version ?? null,
    samples: measured.samples,
    msPerSample: measured.samples === 0 ? null : measured.busyMs / measured.samples,
    jobsLost: lost,
    setAside: aside,
  };
}
