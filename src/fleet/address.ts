import { InputError } from '../../search-space/input-error.ts';

/** Where the fleet's Redis is; its password is never shown. */
export type FleetAddress = Readonly<{ url: string; password?: string }>;

/** Throws InputError for what is no address of a Redis. */
export function fleetAddress(text: string, password: string | undefined): FleetAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^rediss?:$/.test(url.protocol) || url.hostname === '')
    throw new InputError(
      '--fleet',
      'is not the address of a Redis',
      'write redis://host:6379, or rediss:// for TLS',
    );
  return { url: text, ...(url.password === '' && password !== undefined && { password }) };
}
