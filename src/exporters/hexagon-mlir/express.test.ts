import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { randomFor } from '../../../search-space/random.ts';
import { libraryKernel } from '../../kernels/library.ts';
import { loadTarget } from '../../targets/npu/machine/load.ts';
import { simulateKernel } from '../../targets/npu/simulator/simulate.ts';
import { resolveTarget } from '../../targets/resolve.ts';
import { express } from './express.ts';
import { compilerFacts } from './facts.ts';
import { brokenRules, type HexagonOptions, proposedOptions } from './options.ts';

const FACTS = fileURLToPath(new URL('../../../../shared/facts/hexagon-mlir-options.json', import.meta.url));
const VTCM = 8 * 1024 * 1024;
const kernels = [
  libraryKernel('gelu', [1048576]),
  libraryKernel('vector-add', [64, 16384]),
  libraryKernel('softmax', [512, 1024]),
  libraryKernel('matmul', [256, 256, 512]),
];
const space = async (kernel: (typeof kernels)[number], name = 'hexagon-v75') =>
  (await resolveTarget({ kind: 'named', name })).space(kernel);
const configured = { vectorBytes: 128, unroll: 1, threads: 4, split: 'chunks', staging: 'dma', buffers: 2 };

describe('options for hexagon-mlir', () => {
  it.each(kernels.map((kernel) => [kernel.name, kernel] as const))(
    'break none of its rules for any configuration: %s',
    async (_, kernel) => {
      const whole = await space(kernel);
      const random = randomFor('express', kernel.name);
      for (let draw = 0; draw < 300; draw++) {
        const facts = compilerFacts(kernel, whole.at(whole.sample(random)));
        const scratchpad = draw % 2 === 0 ? VTCM : 256 * 1024;
        const { options, lost } = express(facts, scratchpad);
        expect(brokenRules(options)).toEqual([]);
        const { operands, kept } = facts.tileBytes;
        if (options.enableDoubleBuffering) {
          expect(facts.isBufferable && facts.isDivided && options.enableHexagonmemCopyToDMA).toBe(true);
          expect(2 * operands + kept).toBeLessThanOrEqual(scratchpad);
        }
        if (options.enableHexagonmemCopyToDMA) expect(facts.strideBytes).toBeLessThan(65_536);
        if (options.tileSizes !== '') expect(operands + kept).toBeLessThanOrEqual(scratchpad);
        if (facts.schedule.buffers > 1 && !options.enableDoubleBuffering) expect(lost).not.toEqual([]);
      }
    },
  );
  const unasked: HexagonOptions = {
    enableVectorization: true,
    enableMultiThreading: false,
    enableDoubleBuffering: false,
    enableVTCMTiling: true,
    tileSizes: '',
    enableConvertToHexagonmem: true,
    enableHexagonmemCopyToDMA: false,
    enableSCFThreading: false,
    scratch: 0,
    enableSplitReduction: false,
    enableSCFLoopUnroll: false,
    enableHVXInlining: false,
    enableConversionToFp16: false,
  };
  it('are all that the compiler has at 7a39f69, in its order', () => {
    const facts = compilerFacts(kernels[0], { ...configured, tile: 65536 });
    const { options } = express(facts, VTCM);
    expect(Object.keys(options).sort()).toEqual(Object.keys(unasked).sort());
    for (const name of Object.keys(proposedOptions(facts.schedule))) expect(options).not.toHaveProperty(name);
  });
  it('of the proposed tree say how the matrix unit is staged', () => {
    const kernel = libraryKernel('matmul', [256, 256, 512], 'f16');
    const tiles = { tileM: 64, tileN: 64, tileK: 512, split: 'tiles-block' };
    const said = (unit: string, weights: string, buffers: number) =>
      proposedOptions(compilerFacts(kernel, { ...configured, ...tiles, unit, weights, buffers }).schedule);
    expect(said('matrix', 'resident', 2)).toMatchObject({
      enableHmxPipelineDepth: 2,
      enableWeightResident: true,
    });
    expect(said('matrix', 'streamed', 1)).toMatchObject({
      enableHmxPipelineDepth: 1,
      enableWeightResident: false,
    });
    expect(said('vector', 'streamed', 2)).toMatchObject({
      enableHmxPipelineDepth: 0,
      enableWeightResident: true,
    });
  });
  it.skipIf(!existsSync(FACTS))(
    'are those of the facts, with their defaults (skipped without ../shared)',
    () => {
      const listed = z
        .object({ options: z.array(z.tuple([z.string(), z.string(), z.unknown(), z.string()])) })
        .parse(JSON.parse(readFileSync(FACTS, 'utf8')));
      expect(unasked).toEqual(
        Object.fromEntries(listed.options.map(([name, , otherwise]) => [name, otherwise])),
      );
    },
  );
  it.each<[Partial<HexagonOptions>, string]>([
    [{ enableSCFThreading: true }, 'enableSCFThreading excludes'],
    [{ enableSCFThreading: true, enableVTCMTiling: false, enableMultiThreading: true }, 'enableSCFThreading'],
    [{ enableSCFThreading: true, enableVTCMTiling: false, scratch: 2048 }, 'enableSCFThreading excludes'],
    [{ scratch: 2047 }, 'scratch is a multiple of 2048'],
    [{ enableDoubleBuffering: true }, 'enableDoubleBuffering needs'],
    [{ enableVTCMTiling: false, tileSizes: '64' }, 'tileSizes needs'],
    [
      { enableConvertToHexagonmem: false, enableHexagonmemCopyToDMA: true },
      'enableHexagonmemCopyToDMA needs',
    ],
    [{ enableVectorization: false, enableSplitReduction: true }, 'enableSplitReduction needs'],
  ])('that break a rule are told: %j', (changed, sentence) => {
    expect(brokenRules(unasked)).toEqual([]);
    expect(brokenRules({ ...unasked, ...changed })).toEqual([expect.stringContaining(sentence)]);
  });
  it('may have tiles in an external scratch buffer, without enableVTCMTiling', () => {
    const scratch = { enableVTCMTiling: false, scratch: 1048576, tileSizes: '64' };
    expect(brokenRules({ ...unasked, ...scratch })).toEqual([]);
    expect(brokenRules({ ...unasked, enableVTCMTiling: false, enableSCFThreading: true })).toEqual([]);
  });
  it('give the published tilings in the compiler’s form', () => {
    const configuration = { ...configured, staging: 'copy', buffers: 1, tileRows: 8, tileCols: 16384 };
    const facts = compilerFacts(kernels[1], configuration);
    expect(express(facts, VTCM).options).toMatchObject({ tileSizes: '8,16384', enableVTCMTiling: true });
    expect(facts.tileBytes.operands).toBe(3 * 8 * 16384 * 4);
  });
  it('let the core copy if a value overflows a DMA field', () => {
    const facts = compilerFacts(kernels[1], { ...configured, tileRows: 8, tileCols: 4096 });
    const { options, lost } = express(facts, VTCM);
    expect(options).toMatchObject({ enableHexagonmemCopyToDMA: false, enableDoubleBuffering: false });
    expect(lost.join()).toContain('65536 bytes does not fit its 16-bit fields');
  });
  it('have no double buffering for a tile that does not divide its extent, nor for a reduction', () => {
    const uneven = compilerFacts(kernels[0], { ...configured, tile: 3000 });
    expect(express(uneven, VTCM).lost.join()).toContain('multiples of the tile');
    const softmax = compilerFacts(kernels[2], { ...configured, tileRows: 8 });
    expect(express(softmax, VTCM).lost.join()).toContain('all-parallel');
  });
  it('come with a note for each thing that they cannot express', () => {
    const other = {
      ...configured,
      vectorBytes: 256,
      unroll: 4,
      threads: 6,
      split: 'tiles-block',
      tile: 65536,
    };
    const lost = express(compilerFacts(kernels[0], { ...other, buffers: 3 }), VTCM).lost.join('\n');
    for (const word of ['256 bytes', 'unrolling of 4', '6 threads', 'tiles-block', '3 buffers']) {
      expect(lost).toContain(word);
    }
  });
});

describe('a study on the target hexagon-mlir', () => {
  it.each(kernels.map((kernel) => [kernel.name, kernel] as const))(
    'loses nothing in options, which reach the time of the configuration: %s',
    async (_, kernel) => {
      const own = await space(kernel, 'hexagon-mlir');
      expect(own.size).toBeLessThan((await space(kernel, 'hexagon-mlir-beyond')).size);
      const random = randomFor('expressible', kernel.name);
      const machine = loadTarget('hexagon-mlir');
      const times = new Map<string, number>();
      for (let draw = 0; draw < 300; draw++) {
        const configuration = own.at(own.sample(random));
        const { options, lost } = express(compilerFacts(kernel, configuration), VTCM);
        expect(lost).toEqual([]);
        const { timeUs } = simulateKernel(kernel, machine, configuration);
        const said = JSON.stringify(options);
        expect(timeUs).toBe(times.get(said) ?? timeUs);
        times.set(said, timeUs);
      }
    },
  );
});
