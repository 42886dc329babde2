import { InputError } from '../../search-space/input-error.ts';
import { restrictionText } from '../../search-space/restriction-text.ts';
import type { StoredBest } from '../../store/records.ts';
import { placesOf } from '../answers/best/opaque.ts';
import { steerSpace } from '../ask/steer-space.ts';
import { formatShape, parseShape } from '../kernels/shape.ts';
import { listed } from '../report/words/listed.ts';
import type { Flags } from './flags.ts';
import { atShapes, opaqueBests } from './known-opaque.ts';
import type { GlobalOption } from './options/global.ts';
import type { restrictingOptions } from './options/steering.ts';
import type { Session } from './session.ts';
import type { ShownSpace } from './show-space.ts';
import { Spaces } from './spaces.ts';
import { readingIfThere } from './stores.ts';
import { restrictionFrom } from './study-flags.ts';

type Asked = Flags<'kernel' | 'shape' | 'dtype' | 'target' | keyof typeof restrictingOptions | GlobalOption>;

/**
 * The space of a kernel without IR, as the study of its best has it; undefined where the name means another kernel.
 * Throws InputError where several spaces are meant.
 */
export async function spaceOfOpaque(flags: Asked, session: Session): Promise<ShownSpace | undefined> {
  const found = await readingIfThere(flags, session, undefined, async (store) => {
    const bests = await opaqueBests(flags, store);
    if (bests === undefined) return undefined;
    const shape = flags.text('shape');
    const asked = atShapes(bests, shape === undefined ? undefined : [formatShape(parseShape(shape))]);
    const studies = await Promise.all(
      asked.map(async (best) => ({ best, study: await store.study(best.studyId) })),
    );
    const spaces = new Set(studies.map(({ study }) => study?.spaceHash));
    if (spaces.size > 1) throw several(asked);
    const [{ best, study }] = studies;
    return study && { best, study };
  });
  if (found === undefined) return undefined;
  const { best, study } = found;
  const { name, shape, dtype } = best.kernel;
  const { space: definition, defaultConfiguration } = study;
  const restricted = restrictionText(definition);
  if (restricted !== '' && !flags.isOn('quiet'))
    session.say(`note: this is the space of study ${study.id}, only ${restricted}\n`);
  const spaces = new Spaces(flags, session);
  const whole = await spaces.define(definition);
  return {
    subject: { name, shape, dtype, target: best.target.name },
    space: await steerSpace(whole, restrictionFrom(flags), spaces.restrict),
    default: defaultConfiguration,
  };
}

function several(known: readonly StoredBest[]): InputError {
  const hint = 'choose with --shape, --dtype or --target';
  return new InputError('kernel', `has several spaces: ${listed(placesOf(known))}`, hint);
}
