import { readFileSync } from 'node:fs';
import { BackendGone } from '../../../tuner/backend.ts';

/** The address space that V8 reserves for a memory, so that no access needs a check. */
const MEMORY_KIB = 10 * 2 ** 20;
/** Room for code, threads and data beside it. */
const ROOM_KIB = 2 ** 20;

/** Throws BackendGone where `ulimit -v` leaves no room for a WebAssembly memory: V8 would only abort. */
export function refuseNarrowLimit(): void {
  const [, bytes] = /^Max address space +(\d+)/m.exec(readText('/proc/self/limits')) ?? [];
  const [, taken] = /^VmSize:\s+(\d+) kB/m.exec(readText('/proc/self/status')) ?? [];
  if (bytes === undefined || taken === undefined) return;
  const neededKiB = Number(taken) + MEMORY_KIB + ROOM_KIB;
  const allowedKiB = Number(bytes) / 1024;
  if (allowedKiB >= neededKiB) return;
  throw new BackendGone(
    `WebAssembly needs ${gibibytes(neededKiB)} GiB of address space and this shell allows ${gibibytes(allowedKiB)}: \`ulimit -v unlimited\``,
  );
}

function gibibytes(kibibytes: number): string {
  return (kibibytes / 2 ** 20).toFixed(1);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
