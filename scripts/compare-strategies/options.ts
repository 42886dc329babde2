import { parseArgs } from 'node:util';
import { InputError, unknownName } from '../../search-space/input-error.ts';
import { strategyNames } from '../../tuner/strategies/registry.ts';

const LEAVE_ONE_OUT = 'leave-one-device-out';

export type Options = Readonly<{
  spaces: string;
  budgets: readonly number[];
  seeds: number;
  strategies: readonly string[];
  format: 'table' | 'json';
  /** Whether the store has the studies of other devices' tables before the search. */
  transfer: boolean;
  /** The path of a file with other tuners' results on the same spaces. */
  peers: string | undefined;
  /** The path of the figure to draw. */
  plot: string | undefined;
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
  const unknown = strategies.find((name) => !strategyNames.includes(name));
  if (unknown !== undefined) throw unknownName('strategy', unknown, strategyNames);
  const budgets = values.budgets.split(',').map((text) => counted('--budgets', text));
  return {
    spaces: values.spaces,
    budgets: [...new Set(budgets)].sort((a, b) => a - b),
    seeds: counted('--seeds', values.seeds),
    strategies: [...new Set(strategies)],
    format: values.format,
    transfer: values.transfer !== undefined,
    peers: values.peers,
    plot: values.plot,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        spaces: { type: 'string' },
        budgets: { type: 'string', default: '10,25,50,100,200,400' },
        seeds: { type: 'string', default: '20' },
        strategies: { type: 'string', default: 'default,random' },
        format: { type: 'string', default: 'table' },
        transfer: { type: 'string' },
        peers: { type: 'string' },
        plot: { type: 'string' },
      },
    });
  } catch (cause) {
    throw new InputError('arguments', cause instanceof Error ? cause.message : String(cause));
  }
}

function counted(field: string, text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InputError(field, `cannot be '${text}'`, 'a whole number above 0');
}
