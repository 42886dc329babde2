import { z } from 'zod';
import type { KernelImport } from '../documents/import.ts';
import { daemonOf } from '../http/client.ts';
import type { Flags } from './flags.ts';
import { type GlobalOption, storePath } from './options/global.ts';
import { runningDaemon } from './running-daemon.ts';
import type { Session } from './session.ts';
import { writing } from './stores.ts';

const kept = z.array(z.object({ name: z.string(), listedAs: z.string() }));

/**
 * Stores imported kernels, through the daemon if one holds the store. Returns a note for each whose IR is there already
 * under another name.
 */
export async function keepImports(
  imported: readonly KernelImport[],
  flags: Flags<GlobalOption>,
  session: Session,
): Promise<readonly string[]> {
  const path = storePath(flags.text('store'), session.env);
  if (daemonOf(path, session.env.NIGHTSHIFT_TOKEN) === undefined) {
    return writing('import', flags, session, async (store) => {
      for (const { kernel, calls, ttir } of imported) await store.importKernel({ kernel, calls, ttir });
      const known = await Promise.all(imported.map(({ kernel }) => store.kernel(kernel.hash)));
      return imported.flatMap(({ kernel: { name } }, place) => noteOf(name, known[place]?.name ?? name));
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
  return kept.parse(answer).flatMap(({ name, listedAs }) => noteOf(name, listedAs));
}

function noteOf(name: string, listedAs: string): readonly string[] {
  if (name === listedAs) return [];
  return [
    `${name} is the same kernel as ${listedAs}, which is here already: both names work, their studies are the same, and lists and reports call it ${listedAs}`,
  ];
}
