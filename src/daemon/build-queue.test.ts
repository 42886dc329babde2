import { describe, expect, it } from 'vitest';
import { InputError } from '../../search-space/input-error.ts';
import { BuildQueue, LONGEST_BUILD_MS } from './build-queue.ts';
import { Busy } from './busy.ts';
import type { ExternalRequest } from './messages.ts';

const { signal: stays } = new AbortController();
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A request of this name; the thread below never ends one called 'endless'. */
function request(name: string): ExternalRequest {
  const kernel = { hash: name, name, shape: '', dtype: '', ir: null, features: {}, source: '' };
  const target = { fingerprint: 't', name: 't', kind: 'device' as const, description: {}, features: {} };
  return {
    kernel,
    target,
    space: {},
    default: undefined,
    objective: 'time',
    strategy: 'random',
    seed: 1,
    toolVersion: 'test',
  };
}

function queue() {
  const log: string[] = [];
  let kill = (_: Error): void => {};
  const thread = {
    openExternal: ({ kernel: { name: id } }: ExternalRequest) => {
      log.push(id);
      if (id === 'bad') return Promise.reject(new InputError('space', 'is missing'));
      if (id !== 'endless') return Promise.resolve({ id, state: 'open' as const });
      return new Promise<never>((_, reject) => {
        kill = reject;
      });
    },
    close: async () => {
      log.push('closed');
      kill(new Error('the thread ended'));
    },
  };
  const passing: (() => void)[] = [];
  const wait = (ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      expect(ms).toBe(LONGEST_BUILD_MS);
      passing.push(resolve);
      signal.addEventListener('abort', () => reject(new Error('aborted')));
    });
  return { queue: new BuildQueue(thread, wait), log, timeOut: () => passing.at(-1)?.() };
}

describe('the spaces of new studies', () => {
  it('are built one after the other; a bad one is refused', async () => {
    const { queue: builds, log } = queue();
    const [first, bad, last] = ['first', 'bad', 'last'].map((id) => builds.openExternal(request(id), stays));
    await expect(bad).rejects.toThrow('space: is missing');
    expect([await first, await last]).toMatchObject([{ id: 'first' }, { id: 'last' }]);
    expect(log).toEqual(['first', 'bad', 'last']);
  });

  it('that take too long are refused, their thread is ended, and the next one is built', async () => {
    const { queue: builds, log, timeOut } = queue();
    const endless = builds.openExternal(request('endless'), stays);
    const next = builds.openExternal(request('next'), stays);
    await turn();
    expect(log).toEqual(['endless']);
    timeOut();
    await expect(endless).rejects.toThrow(InputError);
    await expect(endless).rejects.toThrow(
      'constraints: too hard to count: the space took more than 20 s (give',
    );
    expect(await next).toMatchObject({ id: 'next' });
    expect(log).toEqual(['endless', 'closed', 'next']);
  });

  it('are given up when their client leaves, and the next one is built', async () => {
    const { queue: builds, log } = queue();
    const leaving = new AbortController();
    const endless = builds.openExternal(request('endless'), leaving.signal);
    const next = builds.openExternal(request('next'), stays);
    await turn();
    leaving.abort();
    await expect(endless).rejects.toThrow(Busy);
    expect(await next).toMatchObject({ id: 'next' });
    expect(log).toEqual(['endless', 'closed', 'next']);
  });

  it('are not begun when their client has left', async () => {
    const { queue: builds, log, timeOut } = queue();
    const leaving = new AbortController();
    const endless = builds.openExternal(request('endless'), stays);
    const dropped = builds.openExternal(request('dropped'), leaving.signal);
    await turn();
    leaving.abort();
    timeOut();
    await expect(endless).rejects.toThrow('took more than');
    await expect(dropped).rejects.toThrow(Busy);
    expect(log).toEqual(['endless', 'closed']);
  });
});
