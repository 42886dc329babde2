/** How a house is laid out: what a checker goes by. */
export type House = Readonly<{
  /** From the bottom up; folders on one line are siblings and may not import each other. */
  floors: readonly (readonly string[])[];
  /** Folders that hold no file of their own, only floors. */
  stairs: readonly string[];
  /** Folders whose own folders are kinds of one thing: no kind may import another. */
  kinds: readonly string[];
  /** Folders that compute only: no I/O, no packages. */
  pure: readonly string[];
  /** The one place from which a package may be imported: everything under a path that starts so. */
  doors: Readonly<Record<string, string>>;
  /** Where every file has exports of the same names by its role. */
  namesakes: readonly string[];
  /** Names that several files may export. */
  sharedNames: readonly string[];
}>;

/** This house. ARCHITECTURE.md says what stands on each floor. */
export const NIGHTSHIFT: House = {
  floors: [
    ['search-space'],
    ['store'],
    ['tuner'],
    ['src/text', 'src/languages'],
    ['src/kernels'],
    ['src/targets'],
    ['src/importers'],
    ['src/ask'],
    ['src/answers'],
    ['src/documents'],
    ['src/exporters'],
    ['src/report'],
    ['src/daemon', 'src/dashboard'],
    ['src/http'],
    ['src/cli', 'src/package'],
    ['scripts'],
  ],
  stairs: ['src'],
  kinds: ['src/targets'],
  pure: ['search-space'],
  doors: {
    yargs: 'src/cli/',
    'p-queue': 'src/daemon/scheduler.ts',
    'better-sqlite3': 'store/sqlite-database.ts',
    '@tensorflow/': 'tuner/models/tensorflow.ts',
    fastify: 'src/http/',
    wabt: 'src/targets/wasm/',
    yaml: 'src/languages/yaml.ts',
    pino: 'src/daemon/',
  },
  namesakes: ['src/cli/commands/', 'src/kernels/library/', 'scripts/'],
  // Operations of mathematics: building one, printing one and computing one are called the same.
  sharedNames: [
    ...[
      'abs',
      'add',
      'cos',
      'divide',
      'erf',
      'exp',
      'exp2',
      'log',
      'log2',
      'not',
      'power',
      'sin',
      'sum',
      'tanh',
    ],
  ],
};
