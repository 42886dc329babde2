import { InputError } from '../../../search-space/input-error.ts';
import { toolVersion } from '../../ask/tool-version.ts';
import { daemonLog } from '../../daemon/log.ts';
import { parseListen } from '../../http/listen-address.ts';
import { defineCommand } from '../command.ts';
import { fleetFrom, fleetOption } from '../options/fleet.ts';
import { storePath } from '../options/global.ts';
import { serveDaemon } from '../serve-daemon.ts';
import { splitWords } from '../split-words.ts';

const USUAL_ADDRESS = '127.0.0.1:7070';

export const daemon = defineCommand({
  arguments: {},
  options: {
    listen: {
      kind: 'text',
      describe: 'Where to answer: host:port, or unix:/path',
      otherwise: USUAL_ADDRESS,
      group: 'Answers:',
    },
    ...fleetOption,
    'on-finish': {
      kind: 'text',
      describe: 'A command to start when a plan has ended, with a summary as JSON on its input',
      group: 'Notifications:',
    },
    notify: { kind: 'text', describe: 'A URL to post that summary to', group: 'Notifications:' },
  },
  examples: [
    ['daemon', 'work on plans until Ctrl-C, and answer on 127.0.0.1:7070'],
    ['daemon --listen unix:/run/nightshift.sock', 'answer on a socket of this machine'],
    ['daemon --fleet redis://127.0.0.1:6379', 'also measure on the devices of a fleet (docs/fleet.md)'],
    ["daemon --on-finish 'mail -s tuned me@example.org'", 'mail the summary of a plan that has ended'],
  ],
  async act(flags, session) {
    const command = flags.text('on-finish');
    await serveDaemon({
      store: storePath(flags.text('store'), session.env),
      address: parseListen(flags.text('listen') ?? USUAL_ADDRESS),
      token: session.env.NIGHTSHIFT_TOKEN || undefined,
      notifications: {
        onFinish: command === undefined ? undefined : splitWords('--on-finish', command),
        url: urlFrom(flags.text('notify')),
      },
      fleet: fleetFrom(flags, session.env),
      toolVersion: toolVersion(),
      clock: session.clock,
      log: daemonLog(flags.isOn('quiet') ? 'error' : 'info'),
      signal: session.interruption(),
    });
  },
});

function urlFrom(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new InputError('--notify', `'${text}' is not a URL`, 'write https://example.org/hook');
}
