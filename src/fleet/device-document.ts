import type { Listed } from './registry.ts';

/** A device as `devices`, the dashboard and the metrics show it: null is what nobody knows, as its worker is gone. */
export type DeviceDocument = Readonly<{
  device: string;
  isPresent: boolean;
  /** What it measures; null while it waits. */
  study: string | null;
  /** When it began to, else when its worker came. Milliseconds since 1970. */
  since: number | null;
  target: string | null;
  fingerprint: string | null;
  host: string | null;
  version: string | null;
  samples: number | null;
  msPerSample: number | null;
  jobsLost: number;
  /** Why it gets no jobs for a while; null where it gets some. */
  setAside: string | null;
}>;

export function deviceDocument({ device, presence, lost, aside }: Listed): DeviceDocument {
  const target = presence?.identity.target;
  return {
    device,
    isPresent: presence !== null,
    study: presence?.work?.study ?? null,
    since: presence?.work?.since ?? presence?.since ?? null,
    target: target?.name ?? null,
    fingerprint: target?.fingerprint ?? null,
    host: presence?.host ?? null,
    version: presence?.version ?? null,
    samples: presence?.samples ?? null,
    msPerSample: presence === null || presence.samples === 0 ? null : presence.busyMs / presence.samples,
    jobsLost: lost,
    setAside: aside,
  };
}
