/** A figure that a fit may move, within what is physically thinkable. */
export type FreeParameter = Readonly<{
  path: string;
  low: number;
  high: number;
  meaning: string;
  fixedBy: readonly string[];
}>;

/** A figure that no observation fixes; accepted sets spread over its range. */
export type OpenParameter = Readonly<{ path: string; low: number; high: number; why: string }>;

/** How a target is calibrated. */
export type Plan = Readonly<{ free: readonly FreeParameter[]; open: readonly OpenParameter[] }>;

const LADDER = 'ladder-vector-add';

export const plans: Readonly<Record<string, Plan>> = Object.freeze({
  'hexagon-mlir': {
    free: [
      {
        path: 'scratchpad.scalarAccessNs',
        low: 5,
        high: 100,
        meaning: 'what a scalar access to the scratchpad costs',
        fixedBy: [`${LADDER}-scalar`],
      },
      {
        path: 'ops.vectorLatencyScale',
        low: 1,
        high: 8,
        meaning: 'how much longer dependent vector operations take than listed',
        fixedBy: ['gelu-1m-st', 'gelu-1m-mt'],
      },
      {
        path: 'copy.perThreadGBs',
        low: 2,
        high: 10,
        meaning: 'a core copying into and out of the scratchpad',
        fixedBy: [`${LADDER}-vec`],
      },
      {
        path: 'forkJoinUs',
        low: 5,
        high: 200,
        meaning: 'waking and joining a team',
        fixedBy: [`${LADDER}-vec+mt`, 'gelu-1m-mt'],
      },
      {
        path: 'dma.perQueueGBs',
        low: 2,
        high: 20,
        meaning: 'one DMA queue',
        fixedBy: [`${LADDER}-vec+mt+db`],
      },
    ],
    open: [
      { path: 'direct.perThreadGBs', low: 4, high: 7.5, why: 'no published kernel is bound by direct access' },
      { path: 'direct.totalGBs', low: 4, high: 16, why: 'nor with several threads' },
      { path: 'dma.setupUs', low: 0.2, high: 2, why: 'tiles of half a MiB hide it' },
      { path: 'barrierUs', low: 2, high: 20, why: 'the compiler forks for each tile instead' },
    ],
  },
  'snapdragon-8gen1': {
    free: [
      {
        path: 'callUs',
        low: 0.1,
        high: 2,
        meaning: 'entering and leaving the kernel',
        fixedBy: ['single rows of 128 operations'],
      },
      {
        path: 'forkJoinUs',
        low: 0.3,
        high: 6,
        meaning: 'waking and joining a team',
        fixedBy: ['four-way rows of 128 and 256 operations'],
      },
      {
        path: 'memory.0.perThreadGBs',
        low: 20,
        high: 200,
        meaning: 'one thread in level 2',
        fixedBy: ['single rows of 256 to 1,024 operations'],
      },
      {
        path: 'memory.0.totalGBs',
        low: 50,
        high: 600,
        meaning: 'four threads in level 2',
        fixedBy: ['four-way rows of 256 to 1,024 operations'],
      },
      {
        path: 'memory.1.perThreadGBs',
        low: 4,
        high: 40,
        meaning: 'one thread in the system cache',
        fixedBy: ['tvm12654-vrmpy-4096 single', 'tvm12654-vmpy-8192 single'],
      },
      {
        path: 'memory.1.totalGBs',
        low: 10,
        high: 120,
        meaning: 'four threads in the system cache',
        fixedBy: ['tvm12654-vrmpy-4096 four-way', 'tvm12654-vmpy-8192 four-way'],
      },
      {
        path: 'memory.2.perThreadGBs',
        low: 2,
        high: 30,
        meaning: 'one thread in memory',
        fixedBy: ['tvm12654-vrmpy-16384 single'],
      },
      {
        path: 'memory.2.totalGBs',
        low: 5,
        high: 60,
        meaning: 'four threads in memory',
        fixedBy: ['tvm12654-vrmpy-16384 four-way'],
      },
    ],
    open: [
      {
        path: 'ops.vectorLatencyScale',
        low: 0.8,
        high: 1.4,
        why: 'every row is bound by its loads and stores',
      },
      { path: 'copy.perThreadGBs', low: 4, high: 7.5, why: 'no row is staged' },
      { path: 'dma.perQueueGBs', low: 10, high: 30, why: 'no row is staged' },
      { path: 'dma.setupUs', low: 0.2, high: 2, why: 'no row is staged' },
    ],
  },
});
