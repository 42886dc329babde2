import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Configuration } from '../../search-space/parameter.ts';
import { defineKernel } from '../../src/kernels/builder.ts';
import type { Kernel } from '../../src/kernels/ir.ts';
import { libraryKernel } from '../../src/kernels/library.ts';
import { HexagonBuilds } from '../../src/targets/npu/compiled/builds.ts';
import { type HexagonCode, hexagonCodeOf } from '../../src/targets/npu/compiled/code.ts';
import { compiledBackend } from '../../src/targets/npu/compiled/compiled-backend.ts';
import { compiledSpace } from '../../src/targets/npu/compiled/compiled-space.ts';
import { compiledTarget } from '../../src/targets/npu/compiled/compiled-target.ts';
import {
  findHexagonTools,
  HEXAGON_INSTALL,
  type HexagonTools,
} from '../../src/targets/npu/compiled/hexagon-tools.ts';
import { compiledReference } from '../../src/targets/npu/compiled/named-compiled.ts';
import { loadTarget, machineOf } from '../../src/targets/npu/machine/load.ts';
import { loweredForNpu } from '../../src/targets/npu/policy.ts';
import { makeBody } from '../../src/targets/npu/simulator/body.ts';
import { nestCost } from '../../src/targets/npu/simulator/compute.ts';
import { simulatedTarget } from '../../src/targets/npu/target.ts';
import { resolveTarget } from '../../src/targets/resolve.ts';
import { targetConformance } from '../../src/targets/target.conformance.ts';
import { targetKinds } from '../../store/target-kinds.ts';
import { backendConformance } from '../../tuner/backend.conformance.ts';
import { BackendGone } from '../../tuner/backend.ts';

const tools = await findHexagonTools();
const absent = typeof tools === 'string' ? ` (skipped: ${tools})` : '';
const here = (): HexagonTools => {
  if (typeof tools === 'string') throw new Error(tools);
  return tools;
};
const folder = mkdtempSync(join(tmpdir(), 'nightshift-hexagon-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const signal = new AbortController().signal;

/** y · y / 4096 of fixed-point numbers, where the product wraps. */
const fixedSquare = defineKernel('fixed-square', { shape: [4096], dtype: 'i32' }, (k) => {
  const i = k.dimension('i', 4096);
  const y = k.input('y', 'i32', [4096]).at(i);
  k.store(k.output('o', 'i32', [4096]), [i], y.mul(y).shr(12));
});

/** x + x of numbers that no kernel of the library has. */
const doubled = (dtype: 'bf16' | 'f64') =>
  defineKernel('doubled', { shape: [4096], dtype }, (k) => {
    const i = k.dimension('i', 4096);
    const x = k.input('x', dtype, [4096]).at(i);
    k.store(k.output('o', dtype, [4096]), [i], x.add(x));
  });

type Changes = Readonly<Record<string, unknown>>;

/** A user's own copy of a target, with some of its fields changed; those that are undefined are left out. */
function ownFile(changes: Changes) {
  const text = readFileSync(
    new URL('../../src/targets/npu/machine/data/hexagon-v73.json', import.meta.url),
    'utf8',
  );
  const changed: unknown = JSON.parse(JSON.stringify({ ...JSON.parse(text), name: 'own', ...changes }));
  return { kind: 'machine', source: 'own.json', machine: z.json().parse(changed) } as const;
}

const SHAPES: Readonly<Record<string, readonly number[]>> = {
  gelu: [4096],
  softmax: [16, 512],
  matmul: [16, 64, 64],
};

const codeWith = (changes: Configuration): HexagonCode =>
  hexagonCodeOf({ vectorBytes: 128, unroll: 1, alignment: 'vectors', ...changes }, 'newton');
const code = codeWith({});

type Opened = Readonly<{ compileMs?: number; tools?: HexagonTools; folder?: string }>;

async function open(kernel: Kernel, options: Opened = {}) {
  const target = loadTarget('hexagon-mlir');
  const space = compiledSpace(kernel, target, true);
  return compiledBackend({
    kernel,
    target,
    space,
    tools: here(),
    processor: 'hexagonv73',
    folder,
    ...options,
  });
}

/** With the code of `membersOf`. */
async function openWhole(kernel: Kernel, options: Opened = {}) {
  const backend = await open(kernel, options);
  await backend.prefetch?.(membersOf(kernel), signal);
  return backend;
}

function allMembersOf(kernel: Kernel): readonly Configuration[] {
  const space = compiledSpace(kernel, loadTarget('hexagon-mlir'), true);
  return Array.from({ length: space.size }, (_, n) => space.at(n));
}

/** Those whose code is 9 of a kernel's 33 codes, as each takes a compiler's time: two of the options stay as they are. */
function membersOf(kernel: Kernel): readonly Configuration[] {
  return allMembersOf(kernel).filter(
    ({ vectorBytes, pipeliner, scheduling }) =>
      vectorBytes === 0 || (pipeliner === 'on' && scheduling === 'both-ways'),
  );
}

async function becomes(kernel: Kernel, changes: Configuration, options = {}) {
  const backend = await open(kernel, options);
  const place = allMembersOf(kernel).find((one) =>
    Object.entries(changes).every(([name, value]) => one[name] === value),
  );
  if (place === undefined) throw new Error('no such configuration');
  const prepared = await backend.prepare({ configuration: place, subset: 'vec', origin: 'test' }, signal);
  if (prepared.state === 'invalid') return prepared;
  const verdict = await backend.verify(prepared.variant, signal);
  if (verdict.state === 'invalid') return verdict;
  const session = await backend.session([prepared.variant], signal);
  return session.sample(prepared.variant, 0);
}

describe('without the programs', () => {
  it('opens, and says in one message what is missing where something is to be compiled', async () => {
    const missing = 'setarch, clang-19, llvm-objdump-19, ld.lld-19, qemu-hexagon are not installed';
    expect(await findHexagonTools({ PATH: '/nonexistent' })).toBe(missing);
    vi.stubEnv('PATH', '/nonexistent');
    const target = await resolveTarget({ kind: 'named', name: 'hexagon-v73-compiled' });
    const kernel = libraryKernel('relu', [512]);
    await expect(target.backend(kernel, target.space(kernel))).rejects.toThrow(
      `--compiled: ${missing} (${HEXAGON_INSTALL})`,
    );
    vi.unstubAllEnvs();
  });

  it('refuses a file that names no processor, another one under the name of ours, and a name that compiled code has', async () => {
    const asked = (changes: Changes) => resolveTarget({ ...ownFile(changes), compiled: true });
    await expect(asked({ processor: undefined })).rejects.toThrow(
      '--compiled: own.json: names no processor to compile for (add "processor"',
    );
    await expect(asked({ processor: { value: 'hexagonv79', source: 'a guess' } })).rejects.toThrow(
      /own\.json: processor\.value: .*hexagonv73/,
    );
    const other = { name: 'hexagon-v73', processor: { value: 'hexagonv68', source: 'a guess' } };
    await expect(asked(other)).rejects.toThrow(
      "own.json: processor: 'hexagon-v73' is a target of nightshift, for another one",
    );
    for (const compiled of [true, undefined] as const)
      await expect(
        resolveTarget({ ...ownFile({ name: 'my-compiled' }), ...(compiled && { compiled }) }),
      ).rejects.toThrow("name: 'my-compiled' is what nightshift calls my with compiled code");
    expect(() => compiledReference(ownFile({ processor: undefined }))).toThrow('names no processor');
    expect(() => machineOf({ ...ownFile({}), compiled: true })).toThrow('counts compiled code');
  });

  it('refuses targets that it cannot compile for', () => {
    expect(compiledReference({ kind: 'named', name: 'hexagon-v73' })).toEqual({
      kind: 'named',
      name: 'hexagon-v73-compiled',
    });
    expect(compiledReference(ownFile({}))).toEqual({ ...ownFile({}), compiled: true });
    expect(() => compiledReference({ kind: 'named', name: 'hexagon-v73-compiled' })).toThrow(
      '--compiled: hexagon-v73-compiled is compiled already (leave --compiled out)',
    );
    for (const name of ['edge-2mib', 'wasm'])
      expect(() => compiledReference({ kind: 'named', name })).toThrow(
        /--compiled: no code can be compiled for/,
      );
  });

  it('is labelled by the compiler', () => {
    expect(targetKinds.compiled).toMatchObject({
      label: 'simulated, compute compiled by clang 19.1.7',
      isSimulated: true,
    });
  });
});

describe.skipIf(absent !== '')(`compiled for Hexagon${absent}`, () => {
  it('takes a file’s machine, whose figures, processor and compiled code are its identity', async () => {
    const fingerprints: string[] = [];
    for (const changes of [
      {},
      { contexts: { value: 3, source: 'a guess' } },
      { processor: { value: 'hexagonv68', source: 'a guess' } },
    ]) {
      const reference = ownFile(changes);
      const target = await resolveTarget({ ...reference, compiled: true });
      expect(target).toMatchObject({ name: 'own-compiled', kind: 'compiled' });
      fingerprints.push(target.fingerprint, (await resolveTarget(reference)).fingerprint);
    }
    const [same, simulated, wide, wideSimulated, older, olderSimulated] = fingerprints;
    expect(new Set([same, simulated, wide, wideSimulated, older]).size).toBe(5);
    // No time that is simulated in all depends on what clang would compile for.
    expect(olderSimulated).toBe(simulated);
    const copy = await resolveTarget({ ...ownFile({ name: 'hexagon-v73' }), compiled: true });
    const named = await resolveTarget({ kind: 'named', name: 'hexagon-v73-compiled' });
    expect(copy.fingerprint).toBe(named.fingerprint);
  });

  const kernel = libraryKernel('gelu', [4096]);
  const opened = (name: string) => async () => compiledTarget(loadTarget(name), here());

  if (absent === '') {
    targetConformance('hexagon-mlir-compiled', {
      kind: 'compiled',
      open: opened('hexagon-mlir'),
      others: {
        'the simulated one': async () => simulatedTarget(loadTarget('hexagon-mlir')),
        'another compiler': async () => {
          return compiledTarget(loadTarget('hexagon-mlir'), { ...here(), version: '19.1.8' });
        },
        'hexagon-v73-compiled': opened('hexagon-v73'),
      },
      kernels: [kernel],
      refused: {
        'numbers of 64 bits': doubled('f64'),
        'sums of products of bytes': libraryKernel('vrmpy', [32]),
      },
    });
    const space = compiledSpace(kernel, loadTarget('hexagon-mlir'), true);
    backendConformance({
      name: 'compiled code',
      open: () => open(kernel),
      good: [space.at(0), space.at(space.size - 1)],
      bad: { ...space.at(0), buffers: 2 },
    });
  }

  const hexagonBuilds = () =>
    new HexagonBuilds({ tools: here(), processor: 'hexagonv73', folder, atOnce: 1, timeoutMs: 30_000 });

  it.each([
    ['gelu', 0, 1],
    ['gelu', 0, 4],
    ['softmax', 0, 2],
    ['matmul', 0, 4],
    ['fixed-square', 128, 2],
    ['fixed-square', 256, 1],
  ])(
    'takes as many packets under the emulator as are counted: %s, %i bytes, interleaved %i',
    async (name, vectorBytes, unroll) => {
      const kernel = name === 'fixed-square' ? fixedSquare : libraryKernel(name, SHAPES[name]);
      const builds = hexagonBuilds();
      const variant = codeWith({ vectorBytes, unroll, vectorCombine: 'off' });
      const lowered = loweredForNpu(kernel);
      const counts = await builds.counts(lowered, variant);
      const executed = await builds.execute(kernel, variant);
      await builds.close();
      if ('state' in counts || 'state' in executed) throw new Error('not compiled');
      expect(executed.verdict).toEqual({ state: 'correct' });
      const cycles = lowered.nests.map((nest, place) => {
        const machine = loadTarget('hexagon-v73');
        const body = { ...makeBody(nest, machine, vectorBytes, unroll), counted: counts.nests[place] };
        const still = { ...body, unrolled: { cycles: 0, issue: 0 }, single: { cycles: 0, issue: 0 } };
        return nestCost(nest, still, unroll, lowered.extents, 1).cycles;
      });
      const counted = cycles.reduce((sum, each) => sum + each, 0);
      expect(Math.abs(executed.packets / counted - 1)).toBeLessThan(0.1);
    },
  );

  it('counts the packets of a sum of two arrays as clang makes it', async () => {
    const builds = hexagonBuilds();
    const lowered = loweredForNpu(libraryKernel('vector-add', [64, 4096]));
    // Two loads, and one a packet: a load, a load and a sum with a store; the first packet of the next turn is among them.
    expect(await builds.counts(lowered, code)).toMatchObject({
      nests: [
        {
          unrolled: { inner: 3, prologue: expect.any(Number), tail: expect.any(Number) },
          single: expect.anything(),
        },
      ],
    });
    await builds.close();
  });

  it.each([
    ['vector-add', 0, 3],
    ['row-max', 0, 2],
    ['softmax', 0, 2],
  ])('computes on 64 f16 numbers at once: %s', async (name, nest, packets) => {
    const builds = hexagonBuilds();
    const counts = await builds.counts(loweredForNpu(libraryKernel(name, undefined, 'f16')), code);
    await builds.close();
    if ('state' in counts) throw new Error(counts.message);
    expect(counts.nests[nest].unrolled.inner).toBe(packets);
    expect(counts.instructions).toMatch(/v\d*(add|cmp\.gt|sub)\(v\d+\.hf,v\d+\.hf\)/);
  });

  it('has no choice of the matrix unit, of which no code is compiled', () => {
    const [product, target] = [libraryKernel('matmul', [64, 64, 64], 'f16'), loadTarget('hexagon-v73')];
    const units = ({ parameters }: { parameters: readonly { name: string }[] }) =>
      parameters.filter(({ name }) => name === 'unit');
    expect(units(simulatedTarget(target).space(product))).toHaveLength(1);
    expect(units(compiledSpace(product, target, true))).toEqual([]);
  });

  it('says what of f16 is not checked, and finds scalar code of it right', async () => {
    const half = libraryKernel('softmax', [8, 256], 'f16');
    const { notes } = await open(half);
    expect(notes?.()).toContainEqual(expect.stringMatching(/in f16 .* is not checked/));
    expect((await open(kernel)).notes?.().join()).not.toContain('f16');
    expect((await becomes(half, { vectorBytes: 128 })).state).toBe('timed');
    expect((await becomes(doubled('bf16'), { vectorBytes: 128 })).state).toBe('timed');
  });

  it('loads whole vectors where the code may assume them, and finds what assumes more than there is', async () => {
    const builds = hexagonBuilds();
    const sum = libraryKernel('vector-add', [4096], 'i8');
    const anywhere = codeWith({ alignment: 'any' });
    const listings = await Promise.all(
      [code, anywhere].map((each) => builds.counts(loweredForNpu(sum), each)),
    );
    expect(listings).toMatchObject([
      { instructions: expect.not.stringContaining('vmemu') },
      { instructions: expect.stringContaining('vmemu') },
    ]);
    const verdicts = [
      await builds.check(sum, code),
      await builds.check(sum, anywhere),
      await builds.execute(sum, code, 'whole', 'anywhere'),
    ];
    await builds.close();
    expect(verdicts).toMatchObject([
      { state: 'correct' },
      { state: 'correct' },
      { verdict: { state: 'invalid', reason: 'correctness' } },
    ]);
  });

  it('finds vectors that compute something else by executing them, and the code that is right and faster', async () => {
    const wrong = await becomes(fixedSquare, { vectorBytes: 128, vectorCombine: 'on' });
    expect(wrong).toMatchObject({
      state: 'invalid',
      reason: 'correctness',
      message: expect.stringMatching(/^element \d+ of 'o' is -?\d+, expected -?\d+$/),
    });
    const right = await becomes(fixedSquare, { vectorBytes: 128, vectorCombine: 'off' });
    expect(right.state).toBe('timed');
  });

  it('says which option of the compiler changed nothing, as it is for a sum but not for this product', async () => {
    const sum = await openWhole(libraryKernel('vector-add', [4096]));
    expect(sum.notes?.()).toContainEqual(
      expect.stringMatching(/^vectorCombine changed nothing in the compiled code of (\d+) of \1 pairs/),
    );
    const { notes } = await openWhole(fixedSquare);
    expect(notes?.().filter((note) => /^vectorCombine .* of (\d+) of \1 pairs/.test(note))).toEqual([]);
  });

  it('computes no time of code that is wrong', async () => {
    const { timing } = await openWhole(fixedSquare);
    if (timing.kind !== 'exact') throw new Error('not exact');
    for (const one of membersOf(fixedSquare)) {
      const isWrong = one.vectorBytes !== 0 && one.vectorCombine === 'on';
      expect(Number.isFinite(timing.computed?.(one) ?? 0)).toBe(!isWrong);
    }
  });

  it('has other times than the simulator, by other packets only', async () => {
    const backend = await openWhole(kernel);
    const simulated = await simulatedTarget(loadTarget('hexagon-mlir')).backend(
      kernel,
      compiledSpace(kernel, loadTarget('hexagon-mlir'), true),
    );
    const [one, other] = [backend.timing, simulated.timing];
    if (one.kind !== 'exact' || other.kind !== 'exact') throw new Error('not exact');
    const all = membersOf(kernel);
    const scalar = all.filter(({ vectorBytes }) => vectorBytes === 0);
    const differs = all.filter((member) => one.computed?.(member) !== other.computed?.(member));
    expect(differs.length).toBeGreaterThan(0);
    expect(scalar.length).toBeGreaterThan(0);
    for (const member of all) {
      const ratio = (one.computed?.(member) ?? 0) / (other.computed?.(member) ?? 1);
      expect(ratio).toBeGreaterThan(0.3);
      expect(ratio).toBeLessThan(3);
    }
  });

  it('compiles what is asked for and no more, tells how many files are left, and lets no other backend change what it says', async () => {
    const own = mkdtempSync(join(tmpdir(), 'nightshift-hexagon-test-'));
    const small = libraryKernel('relu', [2048]);
    const members = membersOf(small);
    const told: number[] = [];
    const first = await open(small, { folder: own });
    expect(readdirSync(own)).toEqual([]);
    const vector = members.filter(({ vectorBytes }) => vectorBytes === 128).slice(0, 1);
    await first.prefetch?.(vector, signal, (files) => told.push(files));
    expect(told[0]).toBe(readdirSync(own).length);
    expect(told.at(-1)).toBe(0);
    const times = ({ timing }: typeof first) => {
      if (timing.kind !== 'exact' || timing.computed === undefined) throw new Error('not exact');
      const { computed } = timing;
      return members.map((member) => computed(member));
    };
    const before = [times(first), first.notes?.(), first.effects?.()];
    expect(times(first)).toContain(undefined);
    const whole = await openWhole(small, { folder: own });
    expect(times(whole)).not.toContain(undefined);
    expect([times(first), first.notes?.(), first.effects?.()]).toEqual(before);
    const reversed = await open(small, { folder: own });
    await reversed.prefetch?.([...members].reverse(), signal, (files) => expect(files).toBe(0));
    expect([times(reversed), reversed.notes?.(), reversed.effects?.()]).toEqual([
      times(whole),
      whole.notes?.(),
      whole.effects?.(),
    ]);
    rmSync(own, { recursive: true });
  });

  it('ends compiling when it is interrupted, leaves no half files, and goes on with the rest later', async () => {
    const own = mkdtempSync(join(tmpdir(), 'nightshift-hexagon-test-'));
    const interruption = new AbortController();
    const product = libraryKernel('matmul', [32, 32, 64], 'i8');
    const { prepare, prefetch } = await open(product, { folder: own });
    const members = allMembersOf(product);
    setTimeout(() => interruption.abort(), 500);
    await prefetch?.(members, interruption.signal);
    const last = { configuration: members[members.length - 1], subset: 'vec', origin: 'test' };
    expect(await prepare(last, interruption.signal)).toMatchObject({ state: 'invalid', reason: 'disturbed' });
    const before = readdirSync(own);
    expect(before.filter((name) => name.includes('.'))).toEqual([]);
    const whole = await open(product, { folder: own });
    await whole.prefetch?.(members, signal);
    expect((await whole.prepare(last, signal)).state).toBe('ready');
    expect(readdirSync(own).length).toBeGreaterThan(before.length);
    rmSync(own, { recursive: true });
  });

  it('says nothing of the configuration where the compiler takes too long', async () => {
    const slow = libraryKernel('gelu', [2048]);
    expect(await becomes(slow, { vectorBytes: 128 }, { compileMs: 1 })).toMatchObject({
      state: 'invalid',
      reason: 'disturbed',
    });
  });

  it('blames no configuration where a program is not there any more', async () => {
    const gone = becomes(
      libraryKernel('relu', [512]),
      { vectorBytes: 128 },
      { tools: { ...here(), emulator: 'no-such-program' } },
    );
    await expect(gone).rejects.toThrow(BackendGone);
  });

  it('is a failure of the trial where the compiler refuses it', async () => {
    const compiler = { ...here().compiler, words: [...here().compiler.words, '-mno-such-flag'] };
    expect(await becomes(kernel, { vectorBytes: 128 }, { tools: { ...here(), compiler } })).toMatchObject({
      state: 'invalid',
      reason: 'compile',
    });
  });
});
