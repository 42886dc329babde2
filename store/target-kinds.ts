export const TARGET_KINDS = Object.freeze([
  'simulator',
  'wasm',
  'wasm-modelled',
  'device',
  'replay',
] as const);
export type TargetKind = (typeof TARGET_KINDS)[number];

/** What others need to know of a kind of target. Nobody asks for a kind by its name. */
export type KindFacts = Readonly<{
  /** Stands behind every time: "simulated". */
  label: string;
  /** The same for who reads a file without nightshift at hand. */
  longLabel: string;
  /** Whether times are computed by a model of the machine, which then can tell those of what was not tried. */
  isSimulated: boolean;
  /** Whether times repeat exactly, vary, or do either by what the target is made from. */
  clock: 'exact' | 'noisy' | 'either';
  /** Whether nothing else may run on the machine while it measures. */
  runsAlone: boolean;
  /** Kernels of ours, with IR; or opaque ones, which only the user's own device or table knows. */
  runs: 'our kernels' | 'opaque kernels';
  /** What a first look is limited by. */
  usualBudget: 'trials' | 'time';
}>;

/** The one place that says it: a new kind is a name above and its facts here. */
export const targetKinds: Readonly<Record<TargetKind, KindFacts>> = Object.freeze({
  simulator: {
    label: 'simulated',
    longLabel: 'simulated, not measured',
    isSimulated: true,
    clock: 'exact',
    runsAlone: false,
    runs: 'our kernels',
    usualBudget: 'trials',
  },
  wasm: {
    label: 'measured in WASM',
    longLabel: 'measured on WebAssembly',
    isSimulated: false,
    clock: 'noisy',
    runsAlone: true,
    runs: 'our kernels',
    usualBudget: 'time',
  },
  'wasm-modelled': {
    label: 'measured in WASM under a modelled DMA',
    longLabel: 'measured on WebAssembly under a modelled DMA',
    isSimulated: false,
    clock: 'noisy',
    runsAlone: true,
    runs: 'our kernels',
    usualBudget: 'time',
  },
  device: {
    label: 'measured',
    longLabel: 'measured on the device',
    isSimulated: false,
    clock: 'noisy',
    runsAlone: true,
    runs: 'opaque kernels',
    usualBudget: 'time',
  },
  replay: {
    label: 'replayed',
    longLabel: 'replayed from a table',
    isSimulated: false,
    clock: 'either',
    runsAlone: false,
    runs: 'opaque kernels',
    usualBudget: 'trials',
  },
});
