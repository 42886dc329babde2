import { HANDSHAKE_BYTES } from '../../../generator/handshake.ts';
import { type TileCopy, tileCopies } from '../../../generator/tile-copies.ts';
import type { ScheduledKernel } from '../../../lowering/schedule.ts';
import { CLOCK_IMPORT, type ModelledDma, modelledTransfer, WAIT_UNTIL } from './modelled-dma.ts';
import type { WasmSchedule } from './schedule.ts';
import { addressOf, functionText } from './wat.ts';

/** What the code of staging depends on. */
type Staged = Readonly<{ tile: number; buffers: number; modelled: ModelledDma | undefined }>;

/** The functions around `tile`, which computes on operands at any address. */
type StagedCode = Readonly<{ functions: readonly string[]; imports: readonly string[] }>;

/**
 * Code that copies tiles of the operands to a scratchpad, computes there, and copies results back. Staged
 * by `copy`, one thread does all three in turn. Staged by `dma`, `run` computes and `dma`, on another
 * thread, copies; with two buffers, `run` computes on one tile while `dma` stores the last and loads the
 * next. Each waits for the other's counters at the start of the scratch. Where transfers are modelled,
 * `dma` also waits for the clock.
 */
export function stagingCode(
  scheduled: ScheduledKernel,
  { engine, modelled }: WasmSchedule,
  names: readonly string[],
): StagedCode {
  const { schedule } = scheduled;
  const staging: Staged = { tile: schedule.sizes.tile, buffers: schedule.buffers, modelled };
  const staged = tileCopies(scheduled);
  const read = staged.filter(({ reads }) => reads);
  const written = staged.filter(({ writes }) => writes);
  const copies = [
    copyFunction('copyIn', read, names, staging),
    copyFunction('copyOut', written, names, staging),
  ];
  const waits = modelled === undefined ? [] : [WAIT_UNTIL];
  const functions = [COPY[engine], ...waits, ...copies, computeFunction(staged, names)];
  const main = schedule.staging === 'copy' ? [copyRun(staging, names)] : dmaRun(staging, names);
  return { functions: [...functions, ...main], imports: modelled === undefined ? [] : [CLOCK_IMPORT] };
}

const arguments_ = (names: readonly string[]): string =>
  names.map((name) => `(local.get $${name})`).join(' ');

/** least + number · each. */
function steps({ least, each }: Readonly<{ least: number; each: number }>, number: string): string {
  return `(i32.add (i32.mul ${number} (i32.const ${each})) (i32.const ${least}))`;
}

function bufferOf({ buffer: { least, each } }: TileCopy): string {
  const first = HANDSHAKE_BYTES + least;
  return `(i32.add (local.get $scratch) ${steps({ least: first, each }, '(local.get $buffer)')})`;
}

function lengthOf({ length }: TileCopy): string {
  return steps(length, '(i32.sub (i32.sub (local.get $end) (local.get $begin)) (i32.const 1))');
}

function copyFunction(
  name: 'copyIn' | 'copyOut',
  staged: readonly TileCopy[],
  names: readonly string[],
  { modelled }: Staged,
): string {
  const most = Math.max(0, ...staged.map(({ loops }) => loops.length));
  const counters = Array.from({ length: most }, (_, n) => `(local $d${n} i32)`).join(' ');
  const copies = staged.map((copy) => copyStretches(copy, name === 'copyIn')).join('\n');
  const body = modelled === undefined || staged.length === 0 ? copies : timed(modelled, staged, copies);
  return functionText(name, [...names, 'buffer'], `${counters}\n${body}`);
}

function timed(modelled: ModelledDma, staged: readonly TileCopy[], copies: string): string {
  const bytes = staged.map((copy) => {
    const stretches = copy.loops.reduce((product, { extent }) => product * extent, 1);
    return `(i32.mul ${lengthOf(copy)} (i32.const ${stretches}))`;
  });
  return modelledTransfer(
    modelled,
    copies,
    bytes.reduce((sum, more) => `(i32.add ${sum} ${more})`),
  );
}

/** Copies an operand's stretch, or one at each point of its loops. */
function copyStretches(copy: TileCopy, inwards: boolean): string {
  const { operand, start, loops } = copy;
  const moved = (from: string, distances: readonly number[]): string =>
    distances.reduce(
      (sum, bytes, n) => `(i32.add ${sum} (i32.mul (local.get $d${n}) (i32.const ${bytes})))`,
      from,
    );
  const memory = `(i32.add (local.get $${addressOf(operand.name)}) ${steps(start, '(local.get $begin)')})`;
  const far = moved(
    memory,
    loops.map(({ apart }) => apart),
  );
  const near = moved(
    bufferOf(copy),
    loops.map(({ pitch }) => pitch),
  );
  const ends = inwards ? [near, far] : [far, near];
  const call = `(call $copy ${ends.join(' ')} ${lengthOf(copy)})`;
  return loops.reduceRight(
    (body, { extent }, n) => counted(`${addressOf(operand.name)}_${n}`, `$d${n}`, extent, body),
    call,
  );
}

/** `body` for counter = 0 … extent − 1. */
function counted(label: string, counter: string, extent: number, body: string): string {
  return `(local.set ${counter} (i32.const 0))
(loop $${label}
${body}
(local.set ${counter} (i32.add (local.get ${counter}) (i32.const 1)))
(br_if $${label} (i32.lt_u (local.get ${counter}) (i32.const ${extent}))))`;
}

/** Calls `tile` with the address that each staged operand would have for its part to be in the buffer. */
function computeFunction(staged: readonly TileCopy[], names: readonly string[]): string {
  const given = names.map((name) => {
    const copy = staged.find(({ operand }) => addressOf(operand.name) === name);
    if (copy === undefined) return `(local.get $${name})`;
    return `(i32.sub ${bufferOf(copy)} ${steps(copy.seen, '(local.get $begin)')})`;
  });
  return functionText('compute', [...names, 'buffer'], `(call $tile ${given.join(' ')})`);
}

/** A loop of `body` over the tiles of the work: from $from to before $to, tile number $n. */
function forTiles(tile: number, body: string): string {
  return `(local.set $from (local.get $begin))
(if (i32.lt_s (local.get $from) (local.get $end)) (then (loop $tiles
(local.set $to (call $imin (i32.add (local.get $from) (i32.const ${tile})) (local.get $end)))
${body}
(local.set $n (i32.add (local.get $n) (i32.const 1)))
(local.set $from (local.get $to))
(br_if $tiles (i32.lt_s (local.get $from) (local.get $end))))))`;
}

const LOCALS = '(local $from i32) (local $to i32) (local $n i32) (local $total i32)';

/** A call for the tile from $from to $to in a buffer. */
function callTile(name: string, names: readonly string[], buffer: string): string {
  return `(call $${name} (local.get $from) (local.get $to) ${arguments_(names.slice(2))} ${buffer})`;
}

function copyRun({ tile }: Staged, names: readonly string[]): string {
  const first = '(i32.const 0)';
  const steps = ['copyIn', 'compute', 'copyOut'].map((name) => callTile(name, names, first));
  return functionText('run', names, `${LOCALS}\n${forTiles(tile, steps.join('\n'))}`);
}

/** Byte offsets of the counters of tiles, each on a cache line of its own. */
const COUNTER = { loaded: 0, computed: 128, stored: 256 } as const;

const awaitCounter = (counter: keyof typeof COUNTER, least: string): string =>
  `(call $await (i32.add (local.get $scratch) (i32.const ${COUNTER[counter]})) ${least})`;
const publish = (counter: keyof typeof COUNTER, count: string): string =>
  `(call $publish (i32.add (local.get $scratch) (i32.const ${COUNTER[counter]})) ${count})`;

function dmaRun({ tile, buffers, modelled }: Staged, names: readonly string[]): readonly string[] {
  const buffer = `(i32.rem_u (local.get $n) (i32.const ${buffers}))`;
  const next = '(i32.add (local.get $n) (i32.const 1))';
  const run = forTiles(
    tile,
    [
      awaitCounter('loaded', next),
      awaitCounter('stored', `(i32.sub ${next} (i32.const ${buffers}))`),
      callTile('compute', names, buffer),
      publish('computed', next),
    ].join('\n'),
  );
  const finish = awaitCounter('stored', '(local.get $n)');
  return [
    waiting(modelled === undefined ? SPINS : MODELLED_SPINS),
    functionText('run', names, `${LOCALS}\n${run}\n${finish}`),
    bringFunction(tile, buffers, names),
    dmaFunction(tile, buffers, names),
  ];
}

/** Loads tile $n of the work from $begin to $end, if there is one. */
function bringFunction(tile: number, buffers: number, names: readonly string[]): string {
  const body = `(local $from i32) (local $to i32)
(local.set $from (i32.add (local.get $begin) (i32.mul (local.get $n) (i32.const ${tile}))))
(if (i32.lt_s (local.get $from) (local.get $end)) (then
(local.set $to (call $imin (i32.add (local.get $from) (i32.const ${tile})) (local.get $end)))
${callTile('copyIn', names, `(i32.rem_u (local.get $n) (i32.const ${buffers}))`)}
${publish('loaded', '(i32.add (local.get $n) (i32.const 1))')}))`;
  return functionText('bring', [...names, 'n'], body);
}

function dmaFunction(tile: number, buffers: number, names: readonly string[]): string {
  const bring = (n: string) => `(call $bring ${arguments_(names)} ${n})`;
  const first = Array.from({ length: buffers }, (_, n) => bring(`(i32.const ${n})`));
  const next = '(i32.add (local.get $n) (i32.const 1))';
  const buffer = `(i32.rem_u (local.get $n) (i32.const ${buffers}))`;
  const body = [
    awaitCounter('computed', next),
    callTile('copyOut', names, buffer),
    publish('stored', next),
    // The buffer is free again. With one buffer, nothing is computed while the next tile is loaded.
    bring(`(i32.add (local.get $n) (i32.const ${buffers}))`),
  ];
  return functionText('dma', names, `${LOCALS}\n${first.join('\n')}\n${forTiles(tile, body.join('\n'))}`);
}

/** Iterations of a waiting loop before it sleeps: some 100 µs, longer than computing on a usual tile takes. */
const SPINS = 100_000;
/** The same under a modelled DMA, whose transfers may take that long. */
const MODELLED_SPINS = 10 * SPINS;

/**
 * `await` waits until the counter at an address reaches a count: it spins for a while, then sleeps until
 * `publish` wakes it. A sleeper sets the word after the counter, and looks again every millisecond.
 */
const waiting = (spins: number): string => `
(func $await (param $word i32) (param $least i32) (local $turn i32) (local $now i32)
  (block $reached (loop $again
    (local.set $now (i32.atomic.load (local.get $word)))
    (br_if $reached (i32.ge_s (local.get $now) (local.get $least)))
    (local.set $turn (i32.add (local.get $turn) (i32.const 1)))
    (br_if $again (i32.lt_u (local.get $turn) (i32.const ${spins})))
    (i32.atomic.store offset=4 (local.get $word) (i32.const 1))
    (drop (memory.atomic.wait32 (local.get $word) (local.get $now) (i64.const 1000000)))
    (i32.atomic.store offset=4 (local.get $word) (i32.const 0))
    (br $again))))
(func $publish (param $word i32) (param $count i32)
  (i32.atomic.store (local.get $word) (local.get $count))
  (if (i32.atomic.load offset=4 (local.get $word))
    (then (drop (memory.atomic.notify (local.get $word) (i32.const 1))))))`;

/** A copy by memory.copy, or by vector registers, 64 bytes in each iteration, and memory.copy for the rest. */
const COPY = {
  memory: `
(func $copy (param $to i32) (param $from i32) (param $bytes i32)
  (memory.copy (local.get $to) (local.get $from) (local.get $bytes)))`,
  simd: `
(func $copy (param $to i32) (param $from i32) (param $bytes i32)
  (local $last i32) (local $a v128) (local $b v128) (local $c v128) (local $d v128)
  (local.set $last (i32.add (local.get $from) (i32.and (local.get $bytes) (i32.const -64))))
  (if (i32.ne (local.get $from) (local.get $last)) (then (loop $lines
    (local.set $a (v128.load (local.get $from)))
    (local.set $b (v128.load offset=16 (local.get $from)))
    (local.set $c (v128.load offset=32 (local.get $from)))
    (local.set $d (v128.load offset=48 (local.get $from)))
    (v128.store (local.get $to) (local.get $a))
    (v128.store offset=16 (local.get $to) (local.get $b))
    (v128.store offset=32 (local.get $to) (local.get $c))
    (v128.store offset=48 (local.get $to) (local.get $d))
    (local.set $to (i32.add (local.get $to) (i32.const 64)))
    (local.set $from (i32.add (local.get $from) (i32.const 64)))
    (br_if $lines (i32.ne (local.get $from) (local.get $last))))))
  (memory.copy (local.get $to) (local.get $from) (i32.and (local.get $bytes) (i32.const 63))))`,
} as const;
