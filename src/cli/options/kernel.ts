import { DEFAULT_TARGET } from '../../ask/study-spec.ts';
import type { OptionSpec } from './_base.ts';

/** Which kernel, at what shape, on which target. */
export const kernelArgument = Object.freeze({
  kernel: 'A name from `nightshift kernels`, or a .ttir file',
} as const);

export const shapeOptions = Object.freeze({
  shape: {
    kind: 'text',
    describe: '1048576, 2^20 or 64x16384',
    otherwise: "the kernel's own",
    alias: 's',
    group: 'What:',
  },
  dtype: { kind: 'text', describe: 'f32, f16 …', otherwise: "the kernel's first", group: 'What:' },
} as const satisfies Record<string, OptionSpec>);

export const shapesOption = Object.freeze({
  shapes: {
    kind: 'text',
    describe: 'One study of each, the smallest first: 64x56x56,128x28x28 or 2^10..2^20',
    group: 'What:',
  },
} as const satisfies Record<string, OptionSpec>);

export const targetOption = Object.freeze({
  target: {
    kind: 'text',
    describe: 'A name from `nightshift targets`, or a file ./mine.json',
    otherwise: DEFAULT_TARGET,
    alias: 't',
    group: 'What:',
  },
  compiled: {
    kind: 'switch',
    describe:
      'With packets of object code that clang makes for Hexagon: hexagon-v73-compiled for hexagon-v73',
    group: 'What:',
  },
  'beyond-compiler': {
    kind: 'switch',
    describe: "With more than the target's compiler can express: hexagon-mlir-beyond for hexagon-mlir",
    group: 'What:',
  },
} as const satisfies Record<string, OptionSpec>);

export const studyOption = Object.freeze({
  study: { kind: 'text', describe: 'A study by its id, or the beginning of it', group: 'What:' },
} as const satisfies Record<string, OptionSpec>);
