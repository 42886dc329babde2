/** The packets of a function of one innermost loop. */
export type LoopPackets = Readonly<{
  /** Of one iteration of the innermost loop; of the whole function, where it has none. */
  inner: number;
  /** Before and after that loop, inside of the loop around it (or the function): once each time it is entered. */
  prologue: number;
  tail: number;
}>;

/** What a listing says, or why its packets cannot be counted. */
export type Counted =
  | Readonly<{ state: 'counted'; packets: LoopPackets }>
  | Readonly<{ state: 'unclear'; why: string }>;

type Line = Readonly<{ at: number; text: string }>;
/** Addresses of the first and the last instruction of a loop. */
type Loop = Readonly<{ from: number; to: number }>;

/** Counts the packets of a function's listing by `llvm-objdump -d --no-show-raw-insn`: a packet opens with a brace. */
export function packetsOfListing(listing: string): Counted {
  const lines = linesOf(listing);
  if (lines.length === 0) return { state: 'unclear', why: 'it has no code' };
  const called = lines.find(({ text }) => /\bcallr?\b/.test(text));
  if (called !== undefined) return { state: 'unclear', why: `it calls a function: ${called.text.trim()}` };
  const loops = loopsOf(lines);
  const innermost = withoutLoops(loops);
  if (innermost.length > 1) return { state: 'unclear', why: `it has ${innermost.length} innermost loops` };
  const whole = { from: lines[0].at, to: lines[lines.length - 1].at };
  const [inner] = innermost;
  if (inner === undefined)
    return { state: 'counted', packets: { inner: packetsIn(lines, whole), prologue: 0, tail: 0 } };
  const length = ({ from, to }: Loop) => to - from;
  const around = loops.filter((one) => isInside(inner, one)).toSorted((a, b) => length(a) - length(b));
  const { from, to } = around[0] ?? whole;
  const packets = {
    inner: packetsIn(lines, inner),
    prologue: packetsIn(lines, { from, to: inner.from - 1 }),
    tail: packetsIn(lines, { from: inner.to + 1, to }),
  };
  return { state: 'counted', packets };
}

/** The loops of a listing that have no loop in them, with their packets and their text. */
export function innermostLoops(listing: string): readonly Readonly<{ packets: number; text: string }>[] {
  const lines = linesOf(listing);
  return withoutLoops(loopsOf(lines)).map((loop) => ({
    packets: packetsIn(lines, loop),
    text: lines
      .filter(({ at }) => at >= loop.from && at <= loop.to)
      .map(({ text }) => text)
      .join('\n'),
  }));
}

/** A listing's instructions: without its head, which has the file's name. */
export function instructionsOf(listing: string): string {
  return linesOf(listing)
    .map(({ text }) => text)
    .join('\n');
}

function linesOf(listing: string): readonly Line[] {
  return [...listing.matchAll(/^\s*([0-9a-f]+):\s+(.*)$/gm)].map(([, at, text]) => ({
    at: Number.parseInt(at, 16),
    text,
  }));
}

function withoutLoops(loops: readonly Loop[]): readonly Loop[] {
  return loops.filter((one) => !loops.some((other) => isInside(other, one)));
}

function packetsIn(lines: readonly Line[], { from, to }: Loop): number {
  const opened = lines.filter(({ at, text }) => at >= from && at <= to && text.trimStart().startsWith('{'));
  return opened.length;
}

/** Hardware loops, and those that a jump back makes. */
function loopsOf(lines: readonly Line[]): readonly Loop[] {
  const found = lines.flatMap(({ at, text }) => [
    ...[...text.matchAll(/loop([01])\(0x([0-9a-f]+)/g)].map(([, level, start]) =>
      hardwareLoop(lines, level, Number.parseInt(start, 16)),
    ),
    ...[...text.matchAll(/jump(?::n?t)? 0x([0-9a-f]+)/g)].map(([, to]) => ({
      from: Number.parseInt(to, 16),
      to: at,
    })),
  ]);
  const backwards = found.filter(({ from, to }) => from <= to);
  return backwards.filter(
    (one, n) =>
      backwards.findIndex((other) => isSame(one, other)) === n &&
      !backwards.some((other) => returnsInto(one, other)),
  );
}

function hardwareLoop(lines: readonly Line[], level: string, from: number): Loop {
  const end = lines.find(({ at, text }) => at >= from && new RegExp(`:endloop(?:${level}|01)`).test(text));
  return { from, to: end?.at ?? -1 };
}

function isSame(one: Loop, other: Loop): boolean {
  return one.from === other.from && one.to === other.to;
}

/** Whether a jump back is no loop: code that is rarely run stands behind a loop, and jumps back into it. */
function returnsInto(jump: Loop, loop: Loop): boolean {
  return loop.from < jump.from && jump.from <= loop.to && loop.to < jump.to;
}

/** Whether a loop lies in another one. */
function isInside(one: Loop, other: Loop): boolean {
  return !isSame(one, other) && one.from >= other.from && one.to <= other.to;
}
