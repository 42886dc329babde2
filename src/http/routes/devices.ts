import { z } from 'zod';
import { devicesPage } from '../../dashboard/devices-page.ts';
import { deviceDocumentSchema } from '../../fleet/device-document.ts';
import { defineRoute, type Route } from '../route.ts';
import { noBody, nothing } from '../schemas.ts';

/** What `GET /v1/devices` answers. */
export const devicesAnswer = z
  .strictObject({
    devices: z
      .array(deviceDocumentSchema)
      .readonly()
      .nullable()
      .describe('Null where there is no fleet, or its Redis does not answer: the note says which.'),
    note: z.string(),
  })
  .readonly();

const listDevices = defineRoute({
  method: 'GET',
  path: '/v1/devices',
  summary: 'The devices of the fleet',
  params: nothing,
  query: nothing,
  body: noBody,
  answer: devicesAnswer,
  act: async (_, { devices }) => devicesPage(devices),
});

export const deviceRoutes: readonly Route[] = Object.freeze([listDevices]);
