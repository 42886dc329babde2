import type { OptionSpec } from './_base.ts';

/** What a space is restricted to. */
export const restrictingOptions = Object.freeze({
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
  forbid: {
    kind: 'list',
    describe: "Exclude configurations: 'threads == 3 and tile > 512'. Repeatable",
    group: 'Steering:',
  },
} as const satisfies Record<string, OptionSpec>);

export const steeringOptions = Object.freeze({
  ...restrictingOptions,
  start: {
    kind: 'text',
    describe: 'A JSON file with configurations known to be good, tried first',
    group: 'Steering:',
  },
} as const satisfies Record<string, OptionSpec>);
