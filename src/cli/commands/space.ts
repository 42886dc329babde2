import { InputError } from '../../../search-space/input-error.ts';
import { resolveStudy } from '../../ask/resolve-study.ts';
import { steerSpace } from '../../ask/steer-space.ts';
import { parseStudySpec } from '../../ask/study-spec.ts';
import { defineCommand } from '../command.ts';
import type { Flags } from '../flags.ts';
import { spaceOfOpaque } from '../opaque-space.ts';
import { cFileAt } from '../options/c-file.ts';
import { readUserSpace, userSpaceOf } from '../options/device.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import type { GlobalOption } from '../options/global.ts';
import { shapeOptions, targetOption } from '../options/kernel.ts';
import { restrictingOptions } from '../options/steering.ts';
import type { Session } from '../session.ts';
import { type ShownSpace, showSpace } from '../show-space.ts';
import { Spaces } from '../spaces.ts';
import { importsOf } from '../stores.ts';
import { restrictionFrom } from '../study-flags.ts';
import { sayNotes, subjectFrom } from '../subject.ts';

export const space = defineCommand({
  arguments: {
    kernel:
      'A space file (conv.json), a C file (conv.c), a name from `nightshift kernels`, a kernel of your own that was tuned, or a .ttir file',
  },
  options: { ...shapeOptions, ...targetOption, ...restrictingOptions, ...formatOption },
  examples: [
    ['space conv.json', 'how many configurations, what each constraint removes, a few members'],
    ['space softmax --shape 64x1024 --target wasm', 'the space of a kernel on a target'],
    ['space conv --target board', 'of a kernel of your own, from the store'],
    ["space softmax --forbid 'threads == 3'", 'what steering leaves of it'],
  ],
  async act(flags, session) {
    flags.oneOf('format', TEXT_OR_JSON, 'text');
    const asked = flags.required('kernel');
    const isFile = /\.(json(\.gz)?|c)$/.test(asked);
    const found = isFile
      ? await spaceInFile(asked, flags, session)
      : ((await spaceOfOpaque(flags, session)) ?? (await spaceOfKernel(flags, session)));
    await showSpace(found, flags, session);
  },
});

type Asked = Flags<
  | 'kernel'
  | keyof typeof shapeOptions
  | keyof typeof targetOption
  | keyof typeof restrictingOptions
  | GlobalOption
>;

/** Throws InputError for options that choose a kernel. */
async function spaceInFile(path: string, flags: Asked, session: Session): Promise<ShownSpace> {
  for (const name of ['shape', 'dtype', 'target'] as const) {
    if (flags.text(name) !== undefined)
      throw new InputError(`--${name}`, 'is not for a space file', 'name a kernel instead');
  }
  const spaces = new Spaces(flags, session);
  const found = path.endsWith('.c')
    ? userSpaceOf(cFileAt(path), spaces.define)
    : readUserSpace(path, spaces.define);
  const { name, space: whole, default: preferred } = await found;
  const subject = { name, shape: '', dtype: '', target: null };
  const space = await steerSpace(whole, restrictionFrom(flags), spaces.restrict);
  return { subject, space, default: preferred };
}

async function spaceOfKernel(flags: Asked, session: Session): Promise<ShownSpace> {
  const subject = subjectFrom(flags, flags.text('shape'));
  const spec = parseStudySpec({ ...subject, ...restrictionFrom(flags) });
  const { restrict } = new Spaces(flags, session);
  const { kernel, target, study, notes } = await resolveStudy(spec, importsOf(flags, session), restrict);
  sayNotes(notes, flags, session);
  const { name, shape, dtype } = kernel;
  return {
    subject: { name, shape, dtype, target: target.name },
    space: study.space,
    default: study.default,
  };
}
