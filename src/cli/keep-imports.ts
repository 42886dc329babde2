import { z } from 'zod';
import { TITLE_DIGITS, titleOfOther } from '../../store/kernel-title.ts';
import type { KernelImport } from '../documents/import.ts';
import { daemonOf } from '../http/client.ts';
import type { Flags } from './flags.ts';
import { type GlobalOption, storePath } from './options/global.ts';
import { runningDaemon } from './running-daemon.ts';
import type { Session } from './session.ts';
import { writing } from './stores.ts';

const earlierKernel = z.object({ hash: z.string(), shape: z.string(), dtype: z.string() });
type EarlierKernel = Readonly<z.infer<typeof earlierKernel>>;
const kept = z.array(z.object({ name: z.string(), listedAs: z.string(), earlier: earlierKernel.nullable() }));

/**
 * Stores imported kernels, through the daemon if one holds the store. Returns a note for each whose IR is there already
 * under another name, and for each name that meant another kernel.
 */
export async function keepImports(
  imported: readonly KernelImport[],
  flags: Flags<GlobalOption>,
  session: Session,
): Promise<readonly string[]> {
  const path = storePath(flags.text('store'), session.env);
  if (daemonOf(path, session.env.NIGHTSHIFT_TOKEN) === undefined) {
    return writing('import', flags, session, async (store) => {
      const notes: string[] = [];
      for (const { kernel, calls, ttir } of imported) {
        const earlier = await store.importedKernel(kernel.name);
        await store.importKernel({ kernel, calls, ttir });
        const listedAs = (await store.kernel(kernel.hash))?.name ?? kernel.name;
        notes.push(...noteOf(kernel.name, listedAs), ...movedNote(kernel, earlier?.kernel));
      }
      return notes;
    });
  }
  const kernels = imported.map(({ kernel: { name, ir, source }, calls, ttir }) => ({
    name,
    ir,
    source,
    calls,
    ttir,
  }));
  const answer = await runningDaemon(flags, session).post('/v1/kernels', { kernels });
  return kept
    .parse(answer)
    .flatMap(({ name, listedAs, earlier }, place) => [
      ...noteOf(name, listedAs),
      ...movedNote(imported[place].kernel, earlier ?? undefined),
    ]);
}

function noteOf(name: string, listedAs: string): readonly string[] {
  if (name === listedAs) return [];
  return [
    `${name} is the same kernel as ${listedAs}, which is here already: both names work, their studies are the same, and lists and reports call it ${listedAs}`,
  ];
}

/** That a name moves to another kernel, and what lists and exports call the two from now on. */
function movedNote(
  { name, hash, shape, dtype, source }: KernelImport['kernel'],
  earlier: EarlierKernel | undefined,
): readonly string[] {
  if (earlier === undefined || earlier.hash === hash) return [];
  const title = (of: string): string => titleOfOther(name, source, of.slice(0, TITLE_DIGITS));
  const isTwin = earlier.shape === shape && earlier.dtype === dtype;
  const then = isTwin
    ? `lists and exports call the earlier one '${title(earlier.hash)}' and this one '${title(hash)}', so files of exports change their names`
    : `results of the earlier one stay at ${earlier.shape} ${earlier.dtype}`;
  return [`${name} meant another kernel and means this one from now on; ${then} (another --name keeps both)`];
}
