import type { Session } from '../session.ts';
import type { OptionSpec } from './_base.ts';

/** Options of every command. */
export const globalOptions = Object.freeze({
  store: {
    kind: 'text',
    describe: 'Where results are kept',
    otherwise: 'NIGHTSHIFT_STORE, or ./nightshift.db',
    group: 'Everywhere:',
  },
  quiet: { kind: 'switch', describe: 'No progress, results only', alias: 'q', group: 'Everywhere:' },
} as const satisfies Record<string, OptionSpec>);

export type GlobalOption = keyof typeof globalOptions;

export function storePath(given: string | undefined, env: Session['env']): string {
  return given ?? (env.NIGHTSHIFT_STORE || './nightshift.db');
}
