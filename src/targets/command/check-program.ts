import { InputError } from '../../../search-space/input-error.ts';
import type { Parameter } from '../../../search-space/parameter.ts';
import { formatShape } from '../../kernels/shape.ts';
import type { CBuild, DeviceProgram } from './program.ts';
import {
  type Circumstances,
  checkComplete,
  checkTemplate,
  placeholdersIn,
  type Template,
} from './template.ts';

/** Checks that each placeholder has a value, and that the program gets each parameter and its build. Throws InputError. */
export function checkProgram(
  program: DeviceProgram,
  parameters: readonly Parameter[],
  kernel: Omit<Circumstances, 'hasBuild'>,
): void {
  const { argv, build, serves, c } = program;
  if (argv.length === 0) {
    throw new InputError(
      '--target command',
      'needs the program after --',
      '-- ./measure.sh {threads} {tile}',
    );
  }
  if (c !== undefined) checkExtents(c, program, kernel.shape);
  checkPlaceholders(program, parameters, kernel);
  if (serves) checkServer(program, parameters);
  else if (build === undefined) checkComplete('--', [argv], parameters);
  else checkBuild(build, argv, parameters);
}

/** A shape that nothing takes would name studies of the same program. */
function checkExtents(
  { file, extents }: CBuild,
  { argv, build = [], check = [] }: DeviceProgram,
  shape: readonly number[],
): void {
  const named = [...placeholdersIn([...argv, ...build, ...check])].filter((name) =>
    /^shape(\.|$)/.test(name),
  );
  if (shape.length === extents || (named.length > extents && shape.length > extents)) return;
  const given = shape.length === 0 ? 'is missing' : `${formatShape(shape)} has ${countOf(shape.length)}`;
  const hint =
    extents > 0
      ? 'they are the integers that the function takes'
      : "a program gets them by name: --cc 'cc -O3 -DN={shape.0}'";
  throw new InputError('--shape', `${given}, and ${file} takes ${countOf(extents)}`, hint);
}

function countOf(extents: number): string {
  return extents === 1 ? '1 extent' : `${extents === 0 ? 'no' : extents} extents`;
}

function checkBuild(build: Template, argv: Template, parameters: readonly Parameter[]): void {
  checkComplete('--build', [build, argv], parameters);
  if (!placeholdersIn(build).has('build'))
    throw new InputError(
      '--build',
      'has no {build}: builds would overwrite each other',
      "'-o {build}/program'",
    );
  if (!placeholdersIn(argv).has('build'))
    throw new InputError('--', 'has no {build}, so what was built would not run', '-- {build}/program');
}

/** A program that stays is started once, for all configurations. */
function checkServer({ argv, build, timeSource }: DeviceProgram, parameters: readonly Parameter[]): void {
  if (build !== undefined) throw new InputError('--serve', 'takes no --build', 'build in the program');
  if (timeSource === 'duration')
    throw new InputError('--serve', 'takes no --time duration', 'the program answers with a time');
  const named = parameters.find(({ name }) => placeholdersIn(argv).has(name))?.name;
  const given = named ?? (placeholdersIn(argv).has('configuration') ? 'configuration' : undefined);
  if (given === undefined) return;
  throw new InputError(
    '--',
    `{${given}} has no value when a program that stays is started`,
    'the program reads each configuration from stdin',
  );
}

function checkPlaceholders(
  { argv, build, check, c }: DeviceProgram,
  parameters: readonly Parameter[],
  kernel: Omit<Circumstances, 'hasBuild'>,
): void {
  const around = { ...kernel, hasBuild: build !== undefined };
  const given: readonly (readonly [string, Template | undefined])[] = [
    ['--', argv],
    [c === undefined ? '--build' : '--cc', build],
    ['--check', check],
  ];
  for (const [field, template] of given)
    if (template !== undefined) checkTemplate(field, template, parameters, around);
}
