import type { Imported } from '../documents/import.ts';
import { daemonOf } from '../http/client.ts';
import type { Flags } from './flags.ts';
import { type GlobalOption, storePath } from './options/global.ts';
import { runningDaemon } from './running-daemon.ts';
import type { Session } from './session.ts';
import { writing } from './stores.ts';

/** Keeps imported kernels: through the daemon where one holds the store, or else in the store itself. */
export async function keepImports(
  imported: readonly Imported[],
  flags: Flags<GlobalOption>,
  session: Session,
): Promise<void> {
  const path = storePath(flags.text('store'), session.env);
  if (daemonOf(path, session.env.NIGHTSHIFT_TOKEN) === undefined) {
    return writing('import', flags, session, async (store) => {
      for (const { kernel, calls } of imported) await store.importKernel(kernel, calls);
    });
  }
  const kernels = imported.map(({ kernel: { name, ir, source }, calls }) => ({ name, ir, source, calls }));
  await runningDaemon(flags, session).post('/v1/kernels', { kernels });
}
