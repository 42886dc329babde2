import type { CommandEntry } from '../command.ts';

/** Every command, in the order of `--help`. A new one is added here and nowhere else. */
export const commands: readonly CommandEntry[] = Object.freeze([
  {
    usage: 'kernels',
    summary: 'List the kernels there are: the library, and what was imported',
    load: async () => (await import('./kernels.ts')).kernels,
  },
]);
