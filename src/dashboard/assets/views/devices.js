import { get } from '../api.js';
import { make, refill, table } from '../dom.js';
import { count, decimals, moment } from '../numbers.js';

/** @import { DevicesPage, View } from '../../served/data.js' */
/** @typedef {NonNullable<DevicesPage['devices']>[number]} Device */

const COLUMNS = [
  { title: 'device' },
  { title: 'state' },
  { title: 'since' },
  { title: 'target' },
  { title: 'host' },
  { title: 'samples', number: true },
  { title: 'ms a sample', number: true },
  { title: 'jobs lost', number: true },
];
/** No event of the daemon tells of a device. In milliseconds. */
const EVERY_MS = 2000;

/**
 * The fleet: who is there, and what each measures.
 * @param {readonly string[]} _
 * @param {AbortSignal} signal
 * @returns {Promise<View>}
 */
export async function devicesView(_, signal) {
  const body = make('div');
  const load = async () => {
    /** @type {DevicesPage} */
    const { devices, note } = await get('/dashboard/data/devices', signal);
    const rows =
      devices === null || devices.length === 0
        ? []
        : [table('Devices of the fleet', COLUMNS, devices.map(cells))];
    refill(body, ...rows, ...(note === '' ? [] : [make('p', { class: 'soft' }, note)]));
  };
  await load();
  const timer = setInterval(() => load().catch(() => {}), EVERY_MS);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  return { title: 'Devices', nodes: [make('h1', {}, 'Devices'), body], refresh: () => {} };
}

/** @param {Device} device */
function cells({ device, since, target, host, samples, msPerSample, jobsLost, ...rest }) {
  return [
    device,
    stateOf(rest),
    since === null ? '' : moment(since),
    target ?? '',
    host ?? '',
    count(samples),
    msPerSample === null ? '' : decimals(msPerSample),
    count(jobsLost),
  ];
}

/** @param {Pick<Device, 'isPresent' | 'setAside' | 'study'>} device */
function stateOf({ isPresent, setAside, study }) {
  if (!isPresent) return 'gone';
  if (setAside !== null) return make('span', { class: 'warning' }, `set aside: ${setAside}`);
  if (study === null) return 'waits';
  return make('a', { href: `#/study/${study}` }, 'measures');
}
