import { whatIfs } from '../../targets/npu/machine/what-if.ts';
import type { OptionSpec } from './_base.ts';

export const whatIfOption = Object.freeze({
  'what-if': {
    kind: 'list',
    describe: `A changed machine: dmaGBps=20, any other figure of a target file (scratchpad.bytes=2^20), or a habit of the compiler: ${Object.keys(whatIfs).join(', ')}. Repeatable`,
    group: 'What:',
  },
} as const satisfies Record<string, OptionSpec>);
