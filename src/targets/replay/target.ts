import { createHash } from 'node:crypto';
import type { OpaqueKernel } from '../../kernels/opaque.ts';
import type { Target } from '../_base.ts';
import { replayBackend } from './backend.ts';
import type { ReplayTable } from './table.ts';

/**
 * A device that answers from a table of measured times. The file's deviations become noise, drawn by the
 * seed. The default is the table's. The fingerprint covers the device's name and its times.
 */
export function replayTarget(table: ReplayTable, seed: number): Target<OpaqueKernel> {
  return Object.freeze<Target<OpaqueKernel>>({
    name: table.device,
    kind: 'replay',
    fingerprint: `replay-${contentHash(table)}`,
    features: {},
    description: { table: table.name, device: table.device, source: table.source },
    space: () => table.space,
    defaultConfiguration: () => table.default,
    backend: async () => replayBackend(table, { seed, noise: table.sdUs !== undefined }),
  });
}

function contentHash({ device, space, timesUs, sdUs }: ReplayTable): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([device, space.hash]))
    .update(bytesOf(timesUs));
  if (sdUs !== undefined) hash.update(bytesOf(sdUs));
  return hash.digest('hex').slice(0, 16);
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
