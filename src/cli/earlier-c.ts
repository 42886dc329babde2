import { z } from 'zod';
import type { ResolvedStudy } from '../ask/resolve-study.ts';
import { countOf } from '../report/words/numbers.ts';
import type { Flags } from './flags.ts';
import type { GlobalOption } from './options/global.ts';
import type { Session } from './session.ts';
import { readingIfThere } from './stores.ts';

/** What a target's description says of a C file. */
const madeOfC = z.looseObject({ sources: z.string(), c: z.looseObject({ file: z.string() }) });

/**
 * A sentence where the store's last study under the names of a new one is of another C file, or of other content of the
 * same file.
 */
export async function earlierOfC(
  { kernel, target }: ResolvedStudy,
  flags: Flags<GlobalOption>,
  session: Session,
): Promise<readonly string[]> {
  const own = madeOfC.safeParse(target.description).data;
  if (own === undefined) return [];
  return readingIfThere(flags, session, [], async (store) => {
    const studies = await store.studies({ kernelHash: kernel.hash, targetName: target.name });
    if (studies.some((one) => one.target.fingerprint === target.fingerprint)) return [];
    for (const { study, settled } of studies) {
      const record = await store.target(study.targetFingerprint);
      const earlier = madeOfC.safeParse(record?.description).data;
      if (earlier === undefined) continue;
      const before = `study ${study.id} with ${countOf(settled, 'trial')}`;
      if (earlier.sources === own.sources) return [];
      if (earlier.c.file !== own.c.file) return [namesake(kernel.name, own.c.file, earlier.c.file, before)];
      return [
        `${own.c.file} or a file of its build has changed since ${before}: this is another study, and its results replace the earlier ones in \`best\` and \`export\``,
      ];
    }
    return [];
  });
}

function namesake(name: string, file: string, other: string, before: string): string {
  return `the store has a kernel ${name} of ${other} (${before}); \`best\` and \`export\` take the later of the two. If they are different kernels, name this one: tune <name> --c ${file}`;
}
