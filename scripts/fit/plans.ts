import type { Calibration } from '../../src/targets/npu/machine/calibration.ts';

/** A parameter that a fit may change, within physically plausible bounds. */
export type FreeParameter = Readonly<Calibration['free'][number]>;
/** What a target's calibration fits. Every other figure with a stated range is spread over it, see `spread.ts`. */
export type Plan = Readonly<{ free: readonly FreeParameter[] }>;

const LADDER = 'ladder-vector-add';

const hexagonMlir: Plan = {
  free: [
    {
      path: 'scratchpad.scalarAccessNs',
      low: 32,
      high: 46,
      meaning: 'what a scalar access to the scratchpad costs',
      prior: { value: 38, why: '45 to 65 cycles: no level-1 cache is in front of it' },
      fixedBy: [`${LADDER}-scalar`],
    },
    {
      path: 'ops.vectorLatencyScale',
      low: 1,
      high: 8,
      meaning: 'how much longer dependent vector operations take than listed',
      prior: { value: 2, why: 'an interleaved core issues every other cycle' },
      fixedBy: ['gelu-1m-st', 'gelu-1m-mt'],
    },
    {
      path: 'copy.perThreadGBs',
      low: 2,
      high: 10,
      meaning: 'a core copying into and out of the scratchpad',
      prior: { value: 5, why: 'one core thread, uncached' },
      fixedBy: [`${LADDER}-vec`],
    },
    {
      path: 'forkJoinUs',
      low: 20,
      high: 80,
      meaning: 'waking and joining a team',
      prior: { value: 40, why: 'between 20 and 80 µs, derived from the two gelu times' },
      fixedBy: [`${LADDER}-vec+mt`, 'gelu-1m-mt'],
    },
    {
      path: 'dma.perQueueGBs',
      low: 5,
      high: 8,
      meaning: 'one DMA queue',
      prior: {
        value: 1.15,
        of: 'copy.perThreadGBs',
        why: 'somewhat above a core that copies from the same memory',
      },
      fixedBy: [`${LADDER}-vec+mt+db`],
    },
    {
      path: 'memory.1.scalarAccessNs',
      low: 38,
      high: 48,
      meaning: 'what a scalar access to memory costs',
      prior: {
        value: 1.15,
        of: 'scratchpad.scalarAccessNs',
        why: 'as the scratchpad, and 200 ns shared by the 32 words of a line',
      },
      fixedBy: ['companion-vec-gelu-f32', 'companion-vec-rms-norm-not'],
    },
    {
      path: 'ops.scalarCall',
      low: 20,
      high: 120,
      meaning: 'calling a scalar library function, and what it does beside the steps',
      prior: { value: 60, why: 'call, save and restore, range checks, return' },
      fixedBy: ['companion-vec-gelu-f32'],
    },
    {
      path: 'ops.scalarHalf',
      low: 35,
      high: 70,
      meaning: 'a scalar operation on 16-bit floats in software',
      prior: { value: 50, why: 'two widenings of about 12 cycles and a rounding of about 25' },
      fixedBy: ['companion-vec-gelu-f16'],
    },
  ],
};

// A thread has a fixed number of outstanding misses, so its bandwidth falls as a level's latency rises:
// memory, with twice the latency of the system cache, gives half the bandwidth.
const HALF = 'misses under way are limited; memory takes twice as long as the system cache';

const snapdragon: Plan = {
  free: [
    {
      path: 'callUs',
      low: 0.1,
      high: 2,
      meaning: 'entering and leaving the kernel',
      prior: { value: 0.5, why: 'several hundred cycles' },
      fixedBy: ['single rows of 128 operations'],
    },
    {
      path: 'forkJoinUs',
      low: 0.3,
      high: 6,
      meaning: 'waking and joining a team',
      prior: { value: 2, why: 'resident pool' },
      fixedBy: ['four-way rows of 128 and 256 operations'],
    },
    {
      path: 'memory.0.perThreadGBs',
      low: 20,
      high: 200,
      meaning: 'one thread in level 2',
      prior: { value: 90, why: 'half a vector a cycle' },
      fixedBy: ['single rows of 256 to 1,024 operations'],
    },
    {
      path: 'memory.0.totalGBs',
      low: 50,
      high: 600,
      meaning: 'four threads in level 2',
      prior: { value: 180, why: 'a vector a cycle' },
      fixedBy: ['four-way rows of 256 to 1,024 operations'],
    },
    {
      path: 'memory.1.perThreadGBs',
      low: 4,
      high: 40,
      meaning: 'one thread in the system cache',
      prior: { value: 13, why: 'ten lines under way, 100 ns each' },
      fixedBy: ['tvm12654-vrmpy-4096 single', 'tvm12654-vmpy-8192 single'],
    },
    {
      path: 'memory.1.totalGBs',
      low: 10,
      high: 120,
      meaning: 'four threads in the system cache',
      prior: { value: 40, why: 'four threads, some conflict' },
      fixedBy: ['tvm12654-vrmpy-4096 four-way', 'tvm12654-vmpy-8192 four-way'],
    },
    {
      path: 'memory.2.perThreadGBs',
      low: 2,
      high: 30,
      meaning: 'one thread in memory',
      prior: { value: 0.5, of: 'memory.1.perThreadGBs', why: HALF },
      fixedBy: ['tvm12654-vrmpy-16384 single'],
    },
    {
      path: 'memory.2.totalGBs',
      low: 5,
      high: 60,
      meaning: 'four threads in memory',
      prior: { value: 0.5, of: 'memory.1.totalGBs', why: HALF },
      fixedBy: ['tvm12654-vrmpy-16384 four-way'],
    },
  ],
};

/** The targets that published timings calibrate. */
export const plans: Readonly<Record<string, Plan>> = Object.freeze({
  'hexagon-mlir': hexagonMlir,
  'snapdragon-8gen1': snapdragon,
});
