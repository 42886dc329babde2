import { setImmediate } from 'node:timers/promises';
import type { Configuration } from '../../search-space/parameter.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { describeSpace } from '../answers/space.ts';
import type { ResolvedStudy } from '../ask/resolve-study.ts';
import { type SpaceDocument, spaceDocument } from '../documents/space.ts';
import { drawSpace } from '../report/terminal/space.ts';
import { formatCount } from '../text/number-text.ts';
import type { Flags } from './flags.ts';
import { Interrupted } from './interrupted.ts';
import { type GlobalOption, storePath } from './options/global.ts';
import { type ProgressLine, progressLine } from './progress-line.ts';
import type { Session } from './session.ts';
import { readingIfThere } from './stores.ts';

/** A space to show, of a file or of a kernel on a target. */
export type ShownSpace = Readonly<{
  subject: SpaceDocument['subject'];
  space: SearchSpace;
  default: Configuration;
  study?: SpaceDocument['study'];
}>;

type Shown = Flags<'format' | GlobalOption>;

/** Counts what each constraint removes, with progress on stderr, and prints the space. Throws Interrupted after Ctrl-C. */
export async function showSpace(
  { subject, space, default: preferred, study }: ShownSpace,
  flags: Shown,
  session: Session,
): Promise<void> {
  const line = progressLine(session, flags.isOn('quiet'));
  const counted = pauses(space, line, session.interruption());
  const description = await describeSpace(space, preferred, counted).finally(line.end);
  const document = spaceDocument(subject, description, study);
  if (flags.text('format') === 'json') return session.printJson(document);
  const place = storePath(flags.text('store'), session.env);
  session.show(document, (seen, { columns, paint }) => drawSpace(seen, columns, paint, place));
}

/** The space of a study that would be visited, and what the store has of it. */
export async function showStudySpace(resolved: ResolvedStudy, flags: Shown, session: Session): Promise<void> {
  const { id, kernel, target, spec, study } = resolved;
  const { strategy, seed } = spec;
  const unknown = { isKnown: false, trials: 0 };
  const stored = await readingIfThere(flags, session, unknown, async (store) => {
    const summary = await store.summary(id);
    return summary === undefined ? unknown : { isKnown: true, trials: summary.settled };
  });
  const subject = { name: kernel.name, shape: kernel.shape, dtype: kernel.dtype, target: target.name };
  const shown = { subject, space: study.space, default: study.default };
  await showSpace({ ...shown, study: { id, strategy, seed, ...stored } }, flags, session);
}

/** Lets signals in between two counts, and says how far the counting is. */
function pauses(
  { constraints }: SearchSpace,
  { tell }: ProgressLine,
  signal: AbortSignal,
): (counted: number) => Promise<void> {
  return async (counted) => {
    await setImmediate();
    if (signal.aborted) throw new Interrupted('interrupted while the constraints were counted');
    tell(
      `counting what each constraint removes: ${formatCount(counted)} of ${formatCount(constraints.length)}`,
    );
  };
}
