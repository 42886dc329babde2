/** The rules for a repository's layout, called its house: folders are floors, and imports go down. */
export type House = Readonly<{
  /** From the bottom up; folders on one line are siblings and may not import each other. */
  floors: readonly (readonly string[])[];
  /** Folders that contain floors but no files. */
  stairs: readonly string[];
  /** Folders whose subfolders are kinds of one thing: no kind may import another. */
  kinds: readonly string[];
  /** Folders that compute only: no I/O, no packages. */
  pure: readonly string[];
  /** The one place where a package may be imported, as the beginning of a path. */
  doors: Readonly<Record<string, string>>;
  /** Folders whose files export the same names, because they have the same role. */
  namesakes: readonly string[];
  /** Names that several files may export. */
  sharedNames: readonly string[];
}>;

/** The house of nightshift. ARCHITECTURE.md describes each floor. */
export const NIGHTSHIFT: House = {
  floors: [
    ['search-space'],
    ['store'],
    ['tuner'],
    ['src/text', 'src/languages'],
    ['src/kernels'],
    ['src/lowering'],
    ['src/generator', 'src/programs'],
    ['src/c'],
    ['src/checking'],
    ['src/targets'],
    ['src/importers'],
    ['src/ask'],
    ['src/fleet'],
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
  pure: ['search-space', 'src/lowering', 'src/generator'],
  doors: {
    yargs: 'src/cli/',
    'p-queue': 'src/daemon/scheduler.ts',
    'better-sqlite3': 'store/sqlite-database.ts',
    '@tensorflow/': 'tuner/models/tensorflow.ts',
    fastify: 'src/http/',
    '@modelcontextprotocol/': 'src/cli/mcp/serve-agents.ts',
    wabt: 'src/targets/wasm/',
    yaml: 'src/languages/yaml.ts',
    pino: 'src/daemon/',
    bullmq: 'src/fleet/',
    ioredis: 'src/fleet/',
  },
  namesakes: ['src/cli/commands/', 'src/kernels/library/', 'scripts/'],
  // Mathematical operations: the functions that build, print and compute one have the same name.
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
