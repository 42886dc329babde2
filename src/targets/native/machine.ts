import { readFileSync } from 'node:fs';

/** What a processor has that variants can be made for. */
export type Processor = Readonly<{
  /** Lanes of 32 bits in each register that it has, the narrowest first. */
  lanes: readonly number[];
  /** Whether multiply-adds may round once. */
  fma: boolean;
  /** Its features that code depends on, as the system names them. */
  features: readonly string[];
}>;

/** By lanes: the features that all operations on such registers need. */
const X86_REGISTERS: readonly (readonly [lanes: number, needed: readonly string[]])[] = [
  [4, ['sse4_1']],
  [8, ['avx', 'avx2']],
  [16, ['avx512f', 'avx512bw', 'avx512dq', 'avx512vl']],
];

/** Features of a text like /proc/cpuinfo. Where nothing is known of x86 registers, those of every x86-64. */
export function processorOf(architecture: string, cpuinfo: string): Processor {
  const [, listed = ''] = /^(?:flags|Features)\s*:(.*)$/m.exec(cpuinfo) ?? [];
  const all = new Set(listed.trim().split(/\s+/));
  if (architecture !== 'x64') return { lanes: [4], fma: architecture === 'arm64', features: sorted(all) };
  const lanes = X86_REGISTERS.filter(([, needed]) => needed.every((feature) => all.has(feature))).map(
    ([count]) => count,
  );
  return { lanes: lanes.length === 0 ? [4] : lanes, fma: all.has('fma'), features: sorted(all) };
}

function sorted(features: ReadonlySet<string>): readonly string[] {
  return [...features].filter((feature) => feature !== '').toSorted();
}

/** This machine's processor. */
export function thisProcessor(): Processor {
  return processorOf(process.arch, readText('/proc/cpuinfo'));
}

/** The processors that this process may use, and the nodes of memory that they are near to. */
export function placesHere(): Readonly<{ processors: number; memoryNodes: number }> {
  const [, allowed = ''] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readText('/proc/self/status')) ?? [];
  const [own, nodes] = [numbersIn(allowed), numbersIn(readText('/sys/devices/system/node/online').trim())];
  const near = nodes.filter((node) => {
    const processors = numbersIn(readText(`/sys/devices/system/node/node${node}/cpulist`).trim());
    return processors.some((number) => own.includes(number));
  });
  return { processors: own.length, memoryNodes: Math.max(1, near.length) };
}

/** Of a list like 0-3,8. */
export function numbersIn(list: string): readonly number[] {
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    if (range === '' || !Number.isInteger(first) || !Number.isInteger(last)) return [];
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => first + n);
  });
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
