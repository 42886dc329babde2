import { parseArgs } from 'node:util';
import { InputError, unknownName } from '../../search-space/input-error.ts';
import { contestantNamed } from './contestants.ts';
import { familyNames } from './subject.ts';

const LEAVE_ONE_OUT = 'leave-one-device-out';

export type Options = Readonly<{
  /** The folder of tables. */
  spaces: string;
  /** Families of which landscapes are drawn, instead of the tables themselves. */
  families: readonly string[];
  draws: number;
  /** Which landscapes are drawn. */
  seed: number;
  budgets: readonly number[];
  seeds: number;
  strategies: readonly string[];
  format: 'table' | 'json';
  /** Whether the store has the studies of other devices' tables before the search. */
  transfer: boolean;
  /** Trials proposed at once. */
  wave: number;
  /** Whether a part of it is proposed ahead of what is settled, as in a fleet. */
  ahead: boolean;
  /** The path of a file with other tuners' results on the same spaces. */
  peers: string | undefined;
  /** The path of the figure to draw. */
  plot: string | undefined;
  /** What a trial takes, in milliseconds, where the strategies' own time counts; +∞ where it does not. */
  trialMs: number;
}>;

/** Parses the arguments. Throws InputError for invalid ones. */
export function readOptions(argv: readonly string[]): Options {
  const { values } = parse(argv);
  if (values.spaces === undefined) throw new InputError('--spaces', 'is missing', 'name a folder of tables');
  if (values.format !== 'table' && values.format !== 'json') {
    throw new InputError('--format', `cannot be '${values.format}'`, 'table or json');
  }
  if (values.transfer !== undefined && values.transfer !== LEAVE_ONE_OUT) {
    throw new InputError('--transfer', `cannot be '${values.transfer}'`, LEAVE_ONE_OUT);
  }
  const strategies = values.strategies.split(',');
  strategies.forEach(contestantNamed);
  const budgets = values.budgets.split(',').map((text) => counted('--budgets', text));
  return {
    spaces: values.spaces,
    families: familiesNamed(values.families),
    draws: counted('--draws', values.draws),
    seed: counted('--seed', values.seed),
    budgets: [...new Set(budgets)].sort((a, b) => a - b),
    seeds: counted('--seeds', values.seeds),
    strategies: [...new Set(strategies)],
    format: values.format,
    wave: counted('--wave', values.wave),
    ahead: values.ahead,
    transfer: values.transfer !== undefined,
    peers: values.peers,
    plot: values.plot,
    trialMs:
      values['trial-ms'] === undefined ? Number.POSITIVE_INFINITY : counted('--trial-ms', values['trial-ms']),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        spaces: { type: 'string' },
        families: { type: 'string', default: '' },
        draws: { type: 'string', default: '10' },
        seed: { type: 'string', default: '1' },
        budgets: { type: 'string', default: '10,25,50,100,200,400' },
        seeds: { type: 'string', default: '20' },
        strategies: { type: 'string', default: 'default,random' },
        format: { type: 'string', default: 'table' },
        wave: { type: 'string', default: '1' },
        ahead: { type: 'boolean', default: false },
        transfer: { type: 'string' },
        peers: { type: 'string' },
        plot: { type: 'string' },
        'trial-ms': { type: 'string' },
      },
    });
  } catch (cause) {
    throw new InputError('arguments', cause instanceof Error ? cause.message : String(cause));
  }
}

function familiesNamed(text: string): readonly string[] {
  if (text === '') return [];
  if (text === 'all') return familyNames;
  const names = text.split(',');
  const unknown = names.find((name) => !familyNames.includes(name));
  if (unknown !== undefined) throw unknownName('family', unknown, familyNames);
  return [...new Set(names)];
}

function counted(field: string, text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InputError(field, `cannot be '${text}'`, 'a whole number above 0');
}
