import type { Execution } from '../execution.ts';
import { enter } from './enclosures.ts';
import { endAll } from './end-all.ts';
import type { KeeperAnswer, KeeperRequest, KeeperSetup } from './messages.ts';
import { MARK_VARIABLE } from './processes.ts';
import { run } from './run.ts';
import { ProgramServer } from './server.ts';

/**
 * The keeper: a small process that starts the measured programs, and ends them and all their descendants.
 * It ends when nightshift ends, for any reason. It hears from nightshift alone, whose types it trusts: to load a package of
 * schemas would take longer than all else at its start.
 */
const setup: KeeperSetup = JSON.parse(process.argv[2]);
const enclosure = enter(setup);
const environment = { ...process.env, [MARK_VARIABLE]: setup.mark };
const endRest = (): Promise<readonly string[]> => endAll(enclosure.inside);
let server: ProgramServer | undefined;
let running: Readonly<{ number: number; abort: AbortController }> | undefined;
let isOver = false;
let permit: NodeJS.Timeout | undefined;

process.on('message', (request) => {
  if (!isRequest(request)) throw new Error('nightshift sent no request');
  if (request.kind === 'permit') extend(request.leftMs);
  else if (isOver && request.kind !== 'abort') refuse(request.number);
  else if (request.kind === 'execute') void execute(request);
  else if (request.kind === 'ask') void ask(request);
  else if (request.number === running?.number) running.abort.abort();
});
process.on('disconnect', () => void leave());
tell({ kind: 'ready' });

function isRequest(message: unknown): message is KeeperRequest {
  return typeof message === 'object' && message !== null && 'kind' in message;
}

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

/**
 * Asks the program that stays, which is started if it does not run. One that gives no answer is ended: what it says later
 * would be the answer to the next question.
 */
async function ask({ number, words, line, timeoutMs }: Extract<KeeperRequest, { kind: 'ask' }>) {
  const abort = new AbortController();
  running = { number, abort };
  const execution = await answerOf(words, line, timeoutMs, abort.signal);
  running = undefined;
  const { isAnswer } = await import('../reading.ts');
  const hasAnswered = execution.state === 'exited' && isAnswer(execution.output);
  if (!hasAnswered) {
    await server?.stop('SIGTERM');
    await endRest();
    server = undefined;
  }
  tell({ kind: 'ended', number, execution, leftBehind: [] });
}

/** A request that comes from whoever was stopped in the meantime, too. */
function refuse(number: number): void {
  tell({ kind: 'ended', number, execution: { state: 'aborted' }, leftBehind: [] });
}

function extend(leftMs: number): void {
  clearTimeout(permit);
  isOver = false;
  permit = setTimeout(() => void over(), leftMs);
}

async function over(): Promise<void> {
  isOver = true;
  if (running !== undefined) return running.abort.abort();
  await server?.stop('SIGTERM');
  await endRest();
}

async function answerOf(
  words: readonly string[],
  line: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Execution> {
  try {
    if (server?.isRunning !== true) {
      await endRest();
      enclosure.begin();
      server = new ProgramServer(words, environment);
    }
    return await server.ask(line, timeoutMs, signal);
  } catch (error) {
    return { state: 'unstartable', complaint: error instanceof Error ? error.message : String(error) };
  }
}

async function leave(): Promise<void> {
  try {
    await server?.stop();
    await endRest();
    enclosure.leave();
  } finally {
    process.exit();
  }
}

function tell(answer: KeeperAnswer): void {
  process.send?.(answer, () => {});
}
