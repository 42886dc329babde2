import { z } from 'zod';
import type { WhatIfBest } from '../answers/what-if/what-if.ts';
import type { Asked } from './best.ts';
import { configurationSchema, orUnknown, subjectShape, timeUs } from './parts.ts';

const simulated = z.strictObject({ configuration: configurationSchema, timeUs }).readonly();

const flip = z
  .strictObject({
    upTo: z.number().describe('The last value that was seen with the best before.'),
    from: z.number().describe('The first that was seen with another one.'),
    configuration: configurationSchema.describe('The best from there on.'),
    timeUs: timeUs.describe('Its time there.'),
  })
  .readonly();

const whatIfShape = {
  changes: z.array(z.string()).readonly(),
  today: simulated.describe(
    'The best on the machine as it is: that of the store while nothing is faster by 1 %.',
  ),
  changed: z
    .strictObject({
      configuration: configurationSchema,
      timeUs,
      keptUs: orUnknown(timeUs).describe('What today’s best takes on the changed machine.'),
    })
    .readonly()
    .describe('The best with the changes; the one before stays it while nothing is faster by 1 %.'),
  searched: z
    .strictObject({
      size: z.int().positive().describe('Configurations on the changed machine.'),
      isWhole: z.boolean().describe('Whether all were simulated, or some thousands and their neighbours.'),
    })
    .readonly(),
  figure: z
    .strictObject({
      name: z.string(),
      today: z.number(),
      asked: z.number(),
      flips: z
        .array(flip)
        .readonly()
        .describe(
          'Where another one becomes the best by 1 % or more, in the order from today’s value; at most eight.',
        ),
      searchedTo: z.number().describe('Beyond the value asked for if the best is the same until there.'),
    })
    .readonly()
    .nullable()
    .describe('Null unless one figure that is a number changes.'),
};

/** The same as a part of another document. */
export const whatIfBestPart = z.strictObject(whatIfShape).readonly();

/** `best --what-if --format json`. */
export const whatIfDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    ...subjectShape,
    from: z.literal('simulator'),
    ...whatIfShape,
  })
  .readonly()
  .meta({ title: 'What nightshift best --what-if prints' });

export type WhatIfDocument = z.infer<typeof whatIfDocumentSchema>;

export function whatIfDocument(asked: Asked, best: WhatIfBest): WhatIfDocument {
  return { schemaVersion: 1, ...asked, from: 'simulator', ...best };
}
