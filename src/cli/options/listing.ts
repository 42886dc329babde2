import { formatListing, LISTING_FORMATS, type Listing } from '../../report/listing/listing.ts';
import type { Flags } from '../flags.ts';
import type { Session } from '../session.ts';
import type { OptionSpec } from './_base.ts';

export const listingOptions = Object.freeze({
  format: {
    kind: 'text',
    describe: LISTING_FORMATS.join(', '),
    words: LISTING_FORMATS,
    otherwise: 'table',
    alias: 'f',
  },
} as const satisfies Record<string, OptionSpec>);

/** Prints the rows in the format that was asked for. */
export function printListing<Row>(listing: Listing<Row>, flags: Flags<'format'>, session: Session): void {
  const format = flags.oneOf('format', LISTING_FORMATS, 'table');
  session.printDrawn(formatListing(listing, format, session.out));
}
