import { type FleetAddress, fleetAddress } from '../../fleet/address.ts';
import type { Flags } from '../flags.ts';
import type { Session } from '../session.ts';
import type { OptionSpec } from './_base.ts';

export const fleetOption = Object.freeze({
  fleet: {
    kind: 'text',
    describe:
      'The Redis of a fleet: redis://host:6379, rediss:// for TLS; its password may be in REDISCLI_AUTH',
    group: 'Fleet (docs/fleet.md):',
  },
} as const satisfies Record<string, OptionSpec>);

/** Undefined if none is given. Throws InputError for what is no address. */
export function fleetFrom(flags: Flags<'fleet'>, env: Session['env']): FleetAddress | undefined {
  const text = flags.text('fleet');
  return text === undefined ? undefined : fleetAddress(text, env.REDISCLI_AUTH || undefined);
}

/** Throws InputError if none is given. */
export function requiredFleet(flags: Flags<'fleet'>, env: Session['env']): FleetAddress {
  return fleetAddress(flags.required('fleet'), env.REDISCLI_AUTH || undefined);
}
