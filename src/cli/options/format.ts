import type { OptionSpec } from './_base.ts';

/** For commands that answer one question: a picture for people, or a document for programs. */
export const formatOption = Object.freeze({
  format: { kind: 'text', describe: 'text or json', otherwise: 'text', alias: 'f', group: 'Output:' },
} as const satisfies Record<string, OptionSpec>);

export const TEXT_OR_JSON = ['text', 'json'] as const;
