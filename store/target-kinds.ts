export const TARGET_KINDS = Object.freeze([
  'simulator',
  'compiled',
  'wasm',
  'wasm-modelled',
  'native',
  'device',
  'replay',
] as const);
export type TargetKind = (typeof TARGET_KINDS)[number];

/** The properties of a kind of target. Other code asks for a property, never for a kind by its name. */
export type KindFacts = Readonly<{
  /** Written after every time: "simulated". */
  label: string;
  /** The label written out, for exported files. */
  longLabel: string;
  /**
   * Whether a time is computed, not measured: then reports say so, untried configurations are computed, and
   * `store gc` may delete results of a target that has changed. True for any made-up cost.
   */
  isSimulated: boolean;
  /**
   * Whether the whole of a time follows from the target's file, so that answers can take it apart, draw it and change the
   * machine. Not where object code is counted.
   */
  isModelled: boolean;
  /** Whether times repeat exactly, vary, or either, depending on the target's data. */
  clock: 'exact' | 'noisy' | 'either';
  /** Whether nothing else may run on the machine while it measures. */
  runsAlone: boolean;
  /** The kernels it runs: those with IR, or opaque ones, which only the user's device or table has. */
  runs: 'our kernels' | 'opaque kernels';
  /** Whether it compiles each configuration of our kernels, which may take long. */
  compiles: boolean;
  /** The quantity that the default budget limits. */
  usualBudget: 'trials' | 'time';
  /**
   * The fields of a target's description that tell two devices of one name apart, where the fingerprint also
   * covers how a kernel is measured there (a command's words). Null where another fingerprint is another device.
   */
  deviceFields: readonly string[] | null;
}>;

/** The properties of every kind. */
export const targetKinds: Readonly<Record<TargetKind, KindFacts>> = Object.freeze({
  simulator: {
    label: 'simulated',
    longLabel: 'simulated, not measured',
    isSimulated: true,
    isModelled: true,
    clock: 'exact',
    runsAlone: false,
    runs: 'our kernels',
    compiles: false,
    usualBudget: 'trials',
    deviceFields: null,
  },
  compiled: {
    label: 'simulated, compute compiled by clang 19.1.7',
    longLabel: 'simulated, not measured; compute counted in the object code of clang 19.1.7',
    isSimulated: true,
    isModelled: false,
    clock: 'exact',
    runsAlone: false,
    runs: 'our kernels',
    compiles: true,
    usualBudget: 'trials',
    deviceFields: null,
  },
  wasm: {
    label: 'measured in WASM',
    longLabel: 'measured on WebAssembly',
    isSimulated: false,
    isModelled: false,
    clock: 'noisy',
    runsAlone: true,
    runs: 'our kernels',
    compiles: false,
    usualBudget: 'time',
    deviceFields: null,
  },
  'wasm-modelled': {
    label: 'measured in WASM under a modelled DMA',
    longLabel: 'measured on WebAssembly under a modelled DMA',
    isSimulated: false,
    isModelled: false,
    clock: 'noisy',
    runsAlone: true,
    runs: 'our kernels',
    compiles: false,
    usualBudget: 'time',
    deviceFields: null,
  },
  native: {
    label: 'measured in native code',
    longLabel: 'measured in native code of this machine',
    isSimulated: false,
    isModelled: false,
    clock: 'noisy',
    runsAlone: true,
    runs: 'our kernels',
    compiles: true,
    usualBudget: 'time',
    deviceFields: null,
  },
  device: {
    label: 'measured',
    longLabel: 'measured on the device',
    isSimulated: false,
    isModelled: false,
    clock: 'noisy',
    runsAlone: true,
    runs: 'opaque kernels',
    compiles: false,
    usualBudget: 'time',
    deviceFields: ['firmware', 'said'],
  },
  replay: {
    label: 'replayed',
    longLabel: 'replayed from a table',
    isSimulated: false,
    isModelled: false,
    clock: 'either',
    runsAlone: false,
    runs: 'opaque kernels',
    compiles: false,
    usualBudget: 'trials',
    deviceFields: [],
  },
});
