import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The functions of calls.c. */
const FUNCTIONS = ['shortpoly', 'erfpoly', 'erfrational', 'exponential'];

/** Packets for a vector: of a loop with the function inlined, and of one that calls it, the function's own among them. */
export type CallCount = Readonly<{ function: string; inlined: number; called: number }>;

/** What calling a vector function adds in object code; undefined without a clang that has the hexagon target. */
export function countCalls(): readonly CallCount[] | undefined {
  const [inlined, called] = ['static inline __attribute__((always_inline))', '__attribute__((noinline))'].map(
    assembly,
  );
  if (inlined === undefined || called === undefined) return undefined;
  return FUNCTIONS.map((name) => ({
    function: name,
    inlined: packetsIn(loopOf(bodyOf(`${name}_loop`, inlined))),
    called: packetsIn(loopOf(bodyOf(`${name}_loop`, called))) + packetsIn(bodyOf(name, called)),
  }));
}

function assembly(specifier: string): readonly string[] | undefined {
  const root = import.meta.url.includes('/dist/') ? '../../../scripts/count-packets/' : './';
  const source = fileURLToPath(new URL(`${root}calls.c`, import.meta.url));
  const flags = ['--target=hexagon', '-mv69', '-mhvx', '-mhvx-length=128B', '-O2', '-ffast-math'];
  const words = [...flags, `-DFUNCTION=${specifier}`, '-S', source, '-o', '-'];
  const { status, stdout } = spawnSync('clang', words, { timeout: 60_000, encoding: 'utf8' });
  return status === 0 ? stdout.split('\n') : undefined;
}

function bodyOf(name: string, lines: readonly string[]): readonly string[] {
  const from = lines.slice(lines.findIndex((line) => line.startsWith(`${name}:`)));
  return from.slice(
    0,
    from.findIndex((line) => line.startsWith('.Lfunc_end')),
  );
}

/** The only loop of a body: a hardware loop, or where a function is called a jump back to its label. */
function loopOf(body: readonly string[]): readonly string[] {
  const back = body.findIndex((line, place) => {
    const [, label] = /jump\S* (\.LBB\w+)/.exec(line) ?? [];
    return (
      line.includes(':endloop0') || body.slice(0, place).some((before) => before.startsWith(`${label}:`))
    );
  });
  const [, label] = /jump\S* (\.LBB\w+)/.exec(body[back]) ?? [];
  const starts = body
    .slice(0, back)
    .map((line) => line.startsWith(label === undefined ? '.LBB' : `${label}:`));
  return body.slice(starts.lastIndexOf(true), back + 1);
}

/** A packet opens with a brace. */
function packetsIn(lines: readonly string[]): number {
  return lines.filter((line) => line.trimStart().startsWith('{')).length;
}
