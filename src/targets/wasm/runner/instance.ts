/** A variant's code on one thread, bound to its addresses. */
export type Instance = Readonly<{
  compute(begin: number, end: number, copy: number): void;
  dma(begin: number, end: number, copy: number): void;
}>;

/** Where a variant's data lies: one list of operand addresses for each copy of the data. */
export type Addresses = Readonly<{ scratch: readonly number[]; operands: readonly (readonly number[])[] }>;

/** The slice of WebAssembly that a runner needs, in Node and in a page. */
type Export = (...values: readonly number[]) => unknown;

/** Microseconds, for variants that ask for a clock: the one that Node and a page both have. */
const now = (): number => performance.now() * 1000;

/** Compiles and instantiates a module over the shared memory. Throws where the engine refuses it. */
export function instantiate(
  bytes: Uint8Array<ArrayBuffer>,
  memory: WebAssembly.Memory,
  { scratch, operands }: Addresses,
  thread: number,
): Instance {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory, now } });
  const bind = (name: string, own: number): Instance['compute'] => {
    const given = exports[name];
    if (!isExport(given)) return () => {};
    const lists = operands.map((addresses) => [scratch[own], ...addresses]);
    return (begin, end, copy) => void given(begin, end, ...lists[copy]);
  };
  // A DMA engine works for the thread before it and on that thread's scratch.
  return { compute: bind('run', thread), dma: bind('dma', thread - 1) };
}

function isExport(value: unknown): value is Export {
  return typeof value === 'function';
}
