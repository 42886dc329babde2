import { libraryKernel } from '../../src/kernels/library.ts';
import { loadTarget } from '../../src/targets/npu/machine/load.ts';
import { isGated, timeOf } from './observations.ts';

/** Said for what the compiler would turn into the configuration that it is compared with. */
export const GATED = 'gated by the compiler';

/** A published ordering or crossover, and whether the simulator reproduces it. */
export type Crossing = Readonly<{ what: string; expected: string; simulated: string; holds: boolean }>;

export function crossings(): readonly Crossing[] {
  return [ladderOrder(), vectorOpsCrossover(), geluCrossover(), bufferingExtremes()];
}

function ladderOrder(): Crossing {
  const target = loadTarget('hexagon-mlir');
  const kernel = libraryKernel('vector-add', [64, 16384]);
  const staged = { staging: 'copy', tileRows: 8, tileCols: 16384, unroll: 1 };
  const team = { vectorBytes: 128, threads: 4, split: 'chunks' };
  const times = [
    timeOf(target, kernel, { ...staged, vectorBytes: 0, threads: 1 }),
    timeOf(target, kernel, { ...staged, vectorBytes: 128, threads: 1 }),
    timeOf(target, kernel, { ...staged, ...team }),
    timeOf(target, kernel, { ...staged, ...team, staging: 'dma', buffers: 2 }),
  ];
  return {
    what: 'ladder of vector-add 64x16384 on hexagon-mlir',
    expected: 'scalar > vec > vec+mt > vec+mt+db',
    simulated: times.map((time) => `${Math.round(time)} µs`).join(' > '),
    holds: times.every((time, i) => i === 0 || time < times[i - 1]),
  };
}

function vectorOpsCrossover(): Crossing {
  const target = loadTarget('snapdragon-8gen1');
  const sizes = [64, 128, 256, 512, 1024, 2048, 4096];
  const gains = sizes.map((size) => {
    const kernel = libraryKernel('vrmpy', [size]);
    return timeOf(target, kernel, { threads: 1 }) / timeOf(target, kernel, { threads: 4 });
  });
  return {
    what: 'four threads against one on snapdragon-8gen1 (vrmpy)',
    expected: 'loses below about 512 vector operations, wins above',
    simulated: sizes.map((size, i) => `${size}: ${gains[i].toFixed(2)}`).join(', '),
    holds: sizes.every((size, i) => (size < 512 ? gains[i] < 1 : size > 512 ? gains[i] > 1 : true)),
  };
}

/** Only sizes that the compiler runs on several threads are a check; below its gate both sides are one configuration. */
function geluCrossover(): Crossing {
  const target = loadTarget('hexagon-mlir');
  const setting = { staging: 'direct', vectorBytes: 128, unroll: 1 };
  const team = { ...setting, threads: 4, split: 'chunks' };
  const gains = [4096, 8192, 16384, 32768, 65536].map((size) => {
    const kernel = libraryKernel('gelu', [size]);
    if (isGated(target, kernel, team)) return { size, gain: null };
    return {
      size,
      gain: timeOf(target, kernel, { ...setting, threads: 1 }) / timeOf(target, kernel, team),
    };
  });
  const checked = gains.flatMap(({ gain }) => gain ?? []);
  return {
    what: 'multi-threading of gelu on hexagon-mlir',
    expected: 'gains above 16,384 elements',
    simulated: gains.map(({ size, gain }) => `${size}: ${gain?.toFixed(2) ?? GATED}`).join(', '),
    holds: checked.length > 0 && checked.every((gain) => gain > 1),
  };
}

function bufferingExtremes(): Crossing {
  const target = loadTarget('hexagon-v75');
  const kernels = ['relu', 'vector-add', 'sigmoid', 'gelu', 'softmax'];
  const gains = kernels.map((name) => {
    const kernel = libraryKernel(name, name === 'softmax' ? [4096, 1024] : [4194304]);
    const tile = name === 'softmax' ? { tileRows: 64 } : { tile: 65536 };
    const setting = {
      ...tile,
      staging: 'dma',
      vectorBytes: 128,
      unroll: 8,
      threads: 4,
      split: 'tiles-block',
    };
    return (
      timeOf(target, kernel, { ...setting, buffers: 1 }) / timeOf(target, kernel, { ...setting, buffers: 2 })
    );
  });
  return {
    what: 'two buffers against one on hexagon-v75, from transfer-bound to compute-bound',
    expected: 'helps most between the extremes',
    simulated: kernels.map((name, i) => `${name}: ${gains[i].toFixed(2)}`).join(', '),
    holds: Math.max(...gains.slice(1, -1)) > Math.max(gains[0], gains[gains.length - 1]) - 1e-9,
  };
}
