import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Configuration } from '../../../../search-space/parameter.ts';
import { targetKinds } from '../../../../store/target-kinds.ts';
import { backendConformance } from '../../../../tuner/backend.conformance.ts';
import { BackendGone } from '../../../../tuner/backend.ts';
import { defineKernel } from '../../../kernels/builder.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import { libraryKernel } from '../../../kernels/library.ts';
import { resolveTarget } from '../../resolve.ts';
import { targetConformance } from '../../target.conformance.ts';
import { loadTarget } from '../machine/load.ts';
import { loweredForNpu } from '../policy.ts';
import { makeBody } from '../simulator/body.ts';
import { nestCost } from '../simulator/compute.ts';
import { simulatedTarget } from '../target.ts';
import { HexagonBuilds } from './builds.ts';
import type { HexagonCode } from './code.ts';
import { compiledBackend } from './compiled-backend.ts';
import { compiledReference } from './compiled-names.ts';
import { compiledSpace } from './compiled-space.ts';
import { compiledTarget } from './compiled-target.ts';
import { findHexagonTools, HEXAGON_INSTALL, type HexagonTools } from './hexagon-tools.ts';

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

const SHAPES: Readonly<Record<string, readonly number[]>> = {
  gelu: [4096],
  softmax: [16, 512],
  matmul: [16, 64, 64],
};

const code: HexagonCode = {
  vectorBytes: 128,
  unroll: 1,
  division: 'newton',
  floats: 'ieee',
  vectorCombine: true,
};

function open(kernel: Kernel, options: Readonly<{ compileMs?: number; tools?: HexagonTools }> = {}) {
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

async function becomes(kernel: Kernel, changes: Configuration, options = {}) {
  const backend = await open(kernel, options);
  const space = compiledSpace(kernel, loadTarget('hexagon-mlir'), true);
  const place = Array.from({ length: space.size }, (_, n) => space.at(n)).find((one) =>
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

  it('refuses targets that it cannot compile for', () => {
    expect(compiledReference({ kind: 'named', name: 'hexagon-v73' })).toEqual({
      kind: 'named',
      name: 'hexagon-v73-compiled',
    });
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
        'numbers that it does not compile': libraryKernel('gelu', [4096], 'f16'),
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
      const variant = { ...code, vectorBytes, unroll, vectorCombine: false };
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
    const sum = await open(libraryKernel('vector-add', [4096]));
    expect(sum.notes?.()).toContainEqual(
      expect.stringMatching(/^vectorCombine changed nothing in the compiled code of (\d+) of \1 pairs/),
    );
    const { notes } = await open(fixedSquare);
    expect(notes?.().filter((note) => /of (\d+) of \1 pairs/.test(note))).toEqual([]);
  });

  it('computes no time of code that is wrong', async () => {
    const { timing } = await open(fixedSquare);
    if (timing.kind !== 'exact') throw new Error('not exact');
    const space = compiledSpace(fixedSquare, loadTarget('hexagon-mlir'), true);
    const all = Array.from({ length: space.size }, (_, n) => space.at(n));
    for (const one of all) {
      const isWrong = one.vectorBytes !== 0 && one.vectorCombine === 'on';
      expect(Number.isFinite(timing.computed?.(one) ?? 0)).toBe(!isWrong);
    }
  });

  it('has other times than the simulator, by other packets only', async () => {
    const backend = await open(kernel);
    const simulated = await simulatedTarget(loadTarget('hexagon-mlir')).backend(
      kernel,
      compiledSpace(kernel, loadTarget('hexagon-mlir'), true),
    );
    const [one, other] = [backend.timing, simulated.timing];
    if (one.kind !== 'exact' || other.kind !== 'exact') throw new Error('not exact');
    const space = compiledSpace(kernel, loadTarget('hexagon-mlir'), true);
    const all = Array.from({ length: space.size }, (_, n) => space.at(n));
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

  it('says nothing of the configuration where the compiler takes too long', async () => {
    const slow = libraryKernel('gelu', [2048]);
    expect(await becomes(slow, { vectorBytes: 128 }, { compileMs: 1 })).toMatchObject({
      state: 'invalid',
      reason: 'disturbed',
    });
  });

  it('blames no configuration where a program is not there any more', async () => {
    const gone = open(libraryKernel('relu', [512]), { tools: { ...here(), emulator: 'no-such-program' } });
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
