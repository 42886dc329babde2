import { COMPILERS } from '../../ask/study-spec.ts';
import type { OptionSpec } from './_base.ts';

export const steeringOptions = Object.freeze({
  fix: {
    kind: 'list',
    describe: 'Fix a parameter: threads=4. Repeatable',
    group: 'Steering:',
  },
  values: {
    kind: 'list',
    describe: 'Allow only these values: tile=4096,8192. Repeatable',
    group: 'Steering:',
  },
  start: {
    kind: 'text',
    describe: 'A JSON file with configurations known to be good, tried first',
    group: 'Steering:',
  },
  expressible: {
    kind: 'text',
    describe: `Only configurations that this compiler's options can express: ${COMPILERS.join(', ')}`,
    words: COMPILERS,
    group: 'Steering:',
  },
} as const satisfies Record<string, OptionSpec>);
