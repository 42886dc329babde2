import { enter } from './enclosures.ts';
import { endAll } from './end-all.ts';
import { type KeeperAnswer, KeeperRequest, KeeperSetup } from './messages.ts';
import { MARK_VARIABLE } from './processes.ts';
import { run } from './run.ts';

/**
 * The keeper: a small process that starts the measured programs, and ends them and all their descendants.
 * It ends when nightshift ends, for any reason.
 */
const setup = KeeperSetup.parse(JSON.parse(process.argv[2]));
const enclosure = enter(setup);
const environment = { ...process.env, [MARK_VARIABLE]: setup.mark };
const endRest = (): Promise<readonly string[]> => endAll(enclosure.inside);
let running: Readonly<{ number: number; abort: AbortController }> | undefined;

process.on('message', (message) => {
  const request = KeeperRequest.parse(message);
  if (request.kind === 'execute') void execute(request);
  else if (request.number === running?.number) running.abort.abort();
});
process.on('disconnect', () => void leave());
tell({ kind: 'ready' });

async function execute({ number, words, timeoutMs }: Extract<KeeperRequest, { kind: 'execute' }>) {
  const abort = new AbortController();
  running = { number, abort };
  enclosure.begin();
  const { execution, leftBehind } = await run(words, {
    timeoutMs,
    signal: abort.signal,
    environment,
    endRest,
  });
  running = undefined;
  tell({ kind: 'ended', number, execution, leftBehind: [...leftBehind] });
}

async function leave(): Promise<void> {
  try {
    await endRest();
    enclosure.leave();
  } finally {
    process.exit();
  }
}

function tell(answer: KeeperAnswer): void {
  process.send?.(answer, () => {});
}
