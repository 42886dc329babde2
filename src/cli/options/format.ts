import type { OptionSpec } from './_base.ts';

export const TEXT_OR_JSON = ['text', 'json'] as const;

/** For commands with one answer: text for people, or a JSON document for programs. */
export const formatOption = Object.freeze({
  format: {
    kind: 'text',
    describe: 'text or json',
    words: TEXT_OR_JSON,
    otherwise: 'text',
    alias: 'f',
    group: 'Output:',
  },
} as const satisfies Record<string, OptionSpec>);
