import type { KernelImport } from '../documents/import.ts';
import { daemonOf } from '../http/client.ts';
import type { Flags } from './flags.ts';
import { type GlobalOption, storePath } from './options/global.ts';
import { runningDaemon } from './running-daemon.ts';
import type { Session } from './session.ts';
import { writing } from './stores.ts';

/** Stores imported kernels, through the daemon if one holds the store. */
export async function keepImports(
  imported: readonly KernelImport[],
  flags: Flags<GlobalOption>,
  session: Session,
): Promise<void> {
  const path = storePath(flags.text('store'), session.env);
  if (daemonOf(path, session.env.NIGHTSHIFT_TOKEN) === undefined) {
    return writing('import', flags, session, async (store) => {
      for (const { kernel, calls, ttir } of imported) await store.importKernel({ kernel, calls, ttir });
    });
  }
  const kernels = imported.map(({ kernel: { name, ir, source }, calls, ttir }) => ({
    name,
    ir,
    source,
    calls,
    ttir,
  }));
  await runningDaemon(flags, session).post('/v1/kernels', { kernels });
}
