import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { InputError } from '../../search-space/input-error.ts';
import type { StudySpec } from '../ask/study-spec.ts';
import type { OpaqueKernel } from '../kernels/opaque.ts';
import { formatShape, parseShape } from '../kernels/shape.ts';
import { hasPlaceholder, placeholdersIn } from '../targets/command/template.ts';
import type { LocalDevice } from './devices.ts';
import { type DeviceFlags, programFrom } from './options/device.ts';
import type { Session } from './session.ts';

/** Shapes that a job may bring, by the number of their extents. */
const SHAPES = Array.from({ length: 9 }, (_, extents) => Array.from({ length: extents }, () => 1));

/**
 * Checks, before a worker is ready, what all its studies would fail on: words that do not fit the space, a program that is
 * not there. Throws InputError.
 */
export function checkWorker(
  { target, kernel }: Pick<LocalDevice, 'target' | 'kernel'>,
  flags: DeviceFlags,
  env: Session['env'],
): void {
  const shapes = kernel.shape.length > 0 ? [kernel.shape] : SHAPES;
  const misfits = shapes.flatMap((shape) => misfitOf(() => target.space({ ...kernel, shape })));
  if (misfits.length === shapes.length) throw misfits.at(-1);
  const { argv, build = [], check = [] } = programFrom(flags);
  for (const [field, word] of [
    ['--', argv[0]],
    ['--build', build[0]],
    ['--check', check[0]],
  ] as const)
    if (word !== undefined && !hasPlaceholder(word) && !isThere(word, env.PATH ?? ''))
      throw new InputError(field, `there is no program '${word}'`, 'write its path, as in ./measure.sh');
}

/** The kernel of a study that a job brings. Throws InputError for a shape that the program would not get. */
export function kernelWith(
  kernel: OpaqueKernel,
  { shape: asked }: Pick<StudySpec, 'shape'>,
  flags: DeviceFlags,
): OpaqueKernel {
  if (asked === undefined) return kernel;
  const shape = parseShape(asked);
  const { argv, build = [], check = [] } = programFrom(flags);
  const isNamed = [...placeholdersIn([...argv, ...build, ...check])].some((name) => /^shape\b/.test(name));
  if (isNamed || flags.text('c') !== undefined || formatShape(shape) === formatShape(kernel.shape))
    return { ...kernel, shape };
  const started = kernel.shape.length === 0 ? 'a shape' : `the shape ${asked}`;
  throw new InputError(
    'shape',
    `the worker was not started for ${started}, and its program would not get it`,
    'use {shape} in its words, or start it with --shape',
  );
}

function misfitOf(check: () => unknown): readonly unknown[] {
  try {
    check();
    return [];
  } catch (error) {
    return [error];
  }
}

function isThere(word: string, path: string): boolean {
  if (word.includes('/')) return existsSync(word);
  return path.split(delimiter).some((folder) => existsSync(join(folder, word)));
}
