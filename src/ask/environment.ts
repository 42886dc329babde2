import { cpus, hostname, loadavg } from 'node:os';
import type { Environment } from '../../store/records.ts';

/** The environment of a visit, stored with it. */
export function environmentNow(): Environment {
  return Object.freeze({
    host: hostname(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    load: Math.round(loadavg()[0] * 100) / 100,
  });
}
