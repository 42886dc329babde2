/** How a context spent its time, in µs; the parts add up to the time of the call. */
export type Breakdown = Readonly<{
  compute: number;
  /** Core copies, and stalls on operands that are used where they lie. */
  memory: number;
  /** Waiting for a transfer. */
  dma: number;
  /** Waiting for other threads at a barrier, or for the matrix unit. */
  waiting: number;
  /** Entering the kernel, waking and joining threads. */
  forkJoin: number;
  /** Allocating and releasing the matrix unit's arrays in the scratchpad. */
  allocation: number;
  /** After its own work, while other contexts still work. */
  idle: number;
}>;

/** The sum of the parts, in µs. */
export function totalUs({ compute, memory, dma, waiting, forkJoin, allocation, idle }: Breakdown): number {
  return compute + memory + dma + waiting + forkJoin + allocation + idle;
}

export function withIdle(breakdown: Breakdown, idle: number): Breakdown {
  return { ...breakdown, idle };
}

/** The mean of each part over the contexts. */
export function meanBreakdown(contexts: readonly Breakdown[]): Breakdown {
  const sum = { compute: 0, memory: 0, dma: 0, waiting: 0, forkJoin: 0, allocation: 0, idle: 0 };
  for (const context of contexts) {
    sum.compute += context.compute / contexts.length;
    sum.memory += context.memory / contexts.length;
    sum.dma += context.dma / contexts.length;
    sum.waiting += context.waiting / contexts.length;
    sum.forkJoin += context.forkJoin / contexts.length;
    sum.allocation += context.allocation / contexts.length;
    sum.idle += context.idle / contexts.length;
  }
  return sum;
}
