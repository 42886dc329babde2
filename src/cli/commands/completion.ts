import { join } from 'node:path';
import { defineCommand } from '../command.ts';
import { completionsOf, meantByTyped } from '../completion/completions.ts';
import { completionScript, SHELLS } from '../completion/scripts.ts';
import { readingIfThere } from '../stores.ts';

const PROGRAM = join(import.meta.dirname, '..', 'main.js');

export const completion = defineCommand({
  arguments: { shell: SHELLS.join(' or ') },
  options: {},
  words: { shell: SHELLS },
  rest: 'the words so far, the last unfinished: prints what it may become, as the script asks',
  examples: [['completion bash', 'eval "$(nightshift completion bash)" in ~/.bashrc; the same with zsh']],
  async act(flags, session, entries) {
    const shell = flags.oneOf('shell', SHELLS, 'bash');
    const words = flags.rest().map(meantByTyped);
    if (words.length === 0) return session.print(completionScript(shell, PROGRAM));
    const found = await completionsOf(words, entries, () =>
      readingIfThere(flags, session, { kernels: [], studies: [] }, async (store) => {
        const imported = (await store.importedKernels()).map(({ kernel }) => kernel.name);
        const studies = await store.studies();
        return {
          kernels: [...imported, ...studies.map(({ kernel }) => kernel.name)],
          studies: studies.map(({ study }) => study.id),
        };
      }),
    );
    for (const word of found) session.printLine(word);
  },
});
