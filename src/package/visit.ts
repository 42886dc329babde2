import { InputError } from '../../search-space/input-error.ts';
import { IN_MEMORY, openStore } from '../../store/open-store.ts';
import { systemClock } from '../../tuner/clock.ts';
import type { Listener } from '../../tuner/events.ts';
import { countSubspaces } from '../ask/count-subspaces.ts';
import { type Imports, importsIn } from '../ask/own-kernels.ts';
import type { ResolvedStudy } from '../ask/resolve-study.ts';
import { visitResolved } from '../ask/visit-resolved.ts';
import { referenceOf, type StudyDocument, studyDocument } from '../documents/findings.ts';
import { libraryNames } from '../kernels/library.ts';

/** How much a study is worked on, where its results go, and who is told. */
export type TuneOptions = Readonly<{
  /** Trials of this visit. Without a limit: what `nightshift tune` takes (docs/cli.md, Tuning). */
  trials?: number;
  /** Milliseconds of this visit, the final comparison included; the limit that is reached first ends it. */
  forMs?: number;
  /** Trials of the study without a gain of 1 % after which the visit ends. */
  patience?: number;
  /** The file of the store, which is made if it is not there; absent: in memory, lost afterwards. */
  store?: string;
  /** Ends the visit with the best so far. */
  signal?: AbortSignal;
  /** Is told what happens, trial by trial. */
  listen?: Listener;
}>;

/** Resolves a study, visits it, and gives what `nightshift tune --format json` prints. */
export async function visitWith(
  resolve: (imports: Imports) => Promise<ResolvedStudy>,
  options: TuneOptions,
): Promise<StudyDocument> {
  const { store: path = IN_MEMORY, signal = new AbortController().signal, listen = () => {} } = options;
  const clock = systemClock;
  const writer = { role: 'package' };
  const store = await openStore(path, { mode: 'write', clock, writer, libraryNames });
  try {
    const resolved = await resolve(importsIn(store));
    const budget = budgetOf(options) ?? resolved.usualBudget;
    const beganMs = clock.elapsed();
    const counted = await countSubspaces(resolved);
    const findings = await visitResolved(counted, budget, store, { clock, beganMs, signal, listen });
    return studyDocument(referenceOf(resolved), findings);
  } finally {
    await store.close();
  }
}

/** Less than this counts as no gain, as for `nightshift tune --patience`. */
const GAIN = 0.01;

function budgetOf({ trials, forMs, patience }: TuneOptions) {
  if (trials === undefined && forMs === undefined && patience === undefined) return undefined;
  return {
    ...(trials !== undefined && { trials: atLeastOne('trials', trials) }),
    ...(forMs !== undefined && { forMs: atLeastOne('forMs', forMs) }),
    ...(patience !== undefined && { stall: { gain: GAIN, trials: atLeastOne('patience', patience) } }),
  };
}

function atLeastOne(field: string, count: number): number {
  if (Number.isInteger(count) && count >= 1) return count;
  throw new InputError(field, `got ${count}`, 'a whole number of at least 1');
}
