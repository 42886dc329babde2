import type { ReplayTable } from '../../src/targets/replay/table.ts';

/** Names of makers and product lines, which do not identify a device. */
const MAKERS = new Set(['nvidia', 'geforce', 'gtx', 'rtx', 'amd', 'radeon', 'intel', 'qualcomm']);

/** "RTX_2080_Ti", "RTX 2080 Ti" and "2080Ti" are the same device. */
export function deviceKey(device: string): string {
  const words = device.toLowerCase().match(/[a-z]+|\d+/g) ?? [];
  return words
    .filter((word) => !MAKERS.has(word))
    .sort()
    .join(' ');
}

/** Tables of the same parameters measured on other devices, as a store would have them before a study of this one. */
export function otherDevices(table: ReplayTable, tables: readonly ReplayTable[]): readonly ReplayTable[] {
  return tables.filter(
    (other) =>
      parameterKey(other) === parameterKey(table) && deviceKey(other.device) !== deviceKey(table.device),
  );
}

function parameterKey({ space }: ReplayTable): string {
  return space.parameters
    .map(({ name }) => name)
    .sort()
    .join(' ');
}
