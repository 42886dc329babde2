import type { OptionSpec } from './_base.ts';

/** For commands with one answer: text for people, or a JSON document for programs. */
export const formatOption = Object.freeze({
  format: { kind: 'text', describe: 'text or json', otherwise: 'text', alias: 'f', group: 'Output:' },
} as const satisfies Record<string, OptionSpec>);

export const TEXT_OR_JSON = ['text', 'json'] as const;
