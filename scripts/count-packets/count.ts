import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { innermostLoops } from '../../src/targets/npu/compiled/object-code.ts';

/** The loops of loops.c. */
export const OPS = ['vadd', 'relu', 'axpy', 'poly', 'expk', 'gelu', 'gelur', 'gelud', 'dot', 'sum', 'vmaxr'];

/** Packets for an element: of scalar code as an emulator executes it, of vectors in the loop's object code. */
export type PacketCount = Readonly<{
  op: string;
  code: 'scalar' | 'qfloat' | 'ieee';
  interleave: number | 'as clang chooses';
  packetsPerElement: number;
}>;

type Tools = Readonly<{ clang: string; lld: string; objdump: string; qemu: string; version: string }>;

const LANES = 32;
const ELEMENTS = 4096;

/** The programs that counting needs; undefined where one is missing. */
export function tools(): Tools | undefined {
  const first = (...names: readonly string[]) => names.find((name) => run(name, ['--version']) !== undefined);
  const clang = first('clang-19', 'clang');
  const lld = first('ld.lld-19', 'ld.lld');
  const objdump = first('llvm-objdump-19', 'llvm-objdump');
  const qemu = first('qemu-hexagon');
  if (clang === undefined || lld === undefined || objdump === undefined || qemu === undefined)
    return undefined;
  if (!/hexagon/.test(run(clang, ['--print-targets'])?.toString() ?? '')) return undefined;
  const [version] = (run(clang, ['--version'])?.toString() ?? '').split('\n');
  return { clang, lld, objdump, qemu, version };
}

/** Every count of a loop; a count is left out where clang does not make one vector loop of it. */
export function countPackets(op: string, found: Tools): readonly PacketCount[] {
  const folder = mkdtempSync(join(tmpdir(), 'packets-'));
  try {
    const hints = { 1: 'vectorize(disable) interleave(disable) unroll(disable)', free: 'vectorize(disable)' };
    const scalar = [
      { op, code: 'scalar', interleave: 1, packetsPerElement: executed(op, hints[1], found, folder) },
      {
        op,
        code: 'scalar',
        interleave: 'as clang chooses',
        packetsPerElement: executed(op, hints.free, found, folder),
      },
    ] as const;
    return [...scalar, ...vectorPackets(op, found, folder)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The counts of a loop's vector code in object code. */
function vectorPackets(op: string, found: Tools, folder: string): readonly PacketCount[] {
  return (['qfloat', 'ieee'] as const).flatMap((code) =>
    [1, 2, 4].flatMap((interleave): PacketCount[] => {
      const packets = inLoop(op, code, interleave, found, folder);
      return packets === undefined
        ? []
        : [{ op, code, interleave, packetsPerElement: packets / LANES / interleave }];
    }),
  );
}

/** Packets for an element, from the emulator's counter at two lengths. */
function executed(op: string, hint: string, { clang, lld, qemu }: Tools, folder: string): number {
  const [object, program] = [join(folder, 'scalar.o'), join(folder, 'scalar')];
  compile(clang, op, hint, ['-mv68'], object);
  required(run(lld, [object, '-o', program]), lld);
  const counts = required(run(qemu, ['-cpu', 'v67', program]), qemu);
  return (counts.readUInt32LE(4) - counts.readUInt32LE(0)) / ELEMENTS;
}

/** Packets of the only innermost loop that loads or stores vectors. */
function inLoop(
  op: string,
  code: 'qfloat' | 'ieee',
  interleave: number,
  { clang, objdump }: Tools,
  folder: string,
): number | undefined {
  const object = join(folder, 'vector.o');
  const floats = code === 'ieee' ? '-mhvx-ieee-fp' : '-mhvx-qfloat';
  const hint = `vectorize_width(${LANES}) interleave_count(${interleave}) unroll(disable)`;
  const hvx = ['-mv73', '-mhvx', '-mhvx-length=128B', floats, '-mllvm', '-hexagon-autohvx'];
  compile(clang, op, hint, hvx, object);
  const listing = required(
    run(objdump, ['-d', '--no-show-raw-insn', `--disassemble-symbols=${op}`, object]),
    objdump,
  );
  const loops = innermostLoops(listing.toString()).filter(({ text }) => text.includes('vmem'));
  return loops.length === 1 ? loops[0].packets : undefined;
}

function compile(clang: string, op: string, hint: string, flags: readonly string[], object: string): void {
  const fixed = [
    '--target=hexagon',
    '-O2',
    '-ffast-math',
    '-Wno-pass-failed',
    `-DLOOP=${op}`,
    `-DHINT="clang loop ${hint}"`,
  ];
  // With randomised addresses clang 19 does not always make the same code of vectors.
  const words = ['-R', clang, ...fixed, ...flags, '-c', sourceFile(), '-o', object];
  required(run('setarch', words), clang);
}

/** Compiled scripts are in dist/scripts, but the loops are in the sources. */
function sourceFile(): string {
  const root = import.meta.url.includes('/dist/') ? '../../../scripts/count-packets/' : './';
  return fileURLToPath(new URL(`${root}loops.c`, import.meta.url));
}

/** What a program writes; undefined where it is missing or fails. */
function run(program: string, words: readonly string[]): Buffer | undefined {
  const { status, stdout } = spawnSync(program, words, { timeout: 60_000 });
  return status === 0 ? stdout : undefined;
}

function required(output: Buffer | undefined, program: string): Buffer {
  if (output === undefined) throw new Error(`${program} failed`);
  return output;
}
