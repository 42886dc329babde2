import { readFileSync } from 'node:fs';

/** A cache for data. */
export type Cache = Readonly<{ name: string; bytes: number; perCore: boolean; source: string }>;

const FOLDER = '/sys/devices/system/cpu/cpu0/cache';
const MOST = 8;
/** Of a cache that many share, others have the rest. */
const SHARE_BYTES = 64 * 2 ** 20;

/** What processors of this kind usually have. */
const USUAL: readonly Cache[] = [
  { name: 'L1', bytes: 32 * 1024, perCore: true, source: 'prior: the system does not say; a usual size' },
  { name: 'L2', bytes: 2 ** 20, perCore: true, source: 'prior: the system does not say; a usual size' },
];

/** The data caches of this machine, nearest first, as Linux tells them. */
export function cachesOfThisMachine(): readonly Cache[] {
  const found = Array.from({ length: MOST }, (_, index) => cacheAt(index));
  const known = found.filter((cache) => cache !== undefined);
  return known.length === 0 ? USUAL : known;
}

function cacheAt(index: number): Cache | undefined {
  const [type, level, size, sharers] = ['type', 'level', 'size', 'shared_cpu_list'].map((name) =>
    textOf(`${FOLDER}/index${index}/${name}`),
  );
  const kib = Number(/^(\d+)K$/.exec(size ?? '')?.[1]);
  if (type === undefined || type === 'Instruction' || Number.isNaN(kib)) return undefined;
  const perCore = /^\d+$/.test(sharers ?? '');
  const name = `L${level}`;
  const whole = kib * 1024;
  if (perCore || whole <= SHARE_BYTES) {
    return { name, bytes: whole, perCore, source: `measured by the operating system: ${kib} KiB` };
  }
  const source = `prior: of ${kib} KiB that many share, no more than this`;
  return { name, bytes: SHARE_BYTES, perCore, source };
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
