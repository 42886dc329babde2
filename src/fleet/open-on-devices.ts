import type { StudySpec } from '../ask/study-spec.ts';
import type { DevicePool, Fleet } from './fleet.ts';
import type { Answer } from './messages.ts';
import { sleep } from './waiting.ts';

/** How long devices may take to describe the space of a study. Milliseconds. */
const PATIENCE_MS = 60_000;
/** After so long without an answer the next device is asked as well: one may be busy for long, or broken. Milliseconds. */
const NEXT_MS = 3000;

/**
 * What the first device of a pool to open a study says of it; a refusal where all that answer refuse, undefined where
 * none answers.
 */
export async function openOnDevices(
  spec: StudySpec,
  { pattern, fingerprint }: DevicePool,
  fleet: Pick<Fleet, 'devices' | 'ask'>,
  owner: string,
): Promise<Answer | undefined> {
  const there = (await fleet.devices(pattern)).filter(
    ({ presence }) => presence.identity.target.fingerprint === fingerprint,
  );
  const working = there.filter(({ isAside }) => !isAside);
  const ending = new AbortController();
  const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(PATIENCE_MS)]);
  const turns: (() => void)[] = [];
  let refusal: Answer | undefined;
  const asked = (working.length > 0 ? working : there).map(async ({ device }, place) => {
    await sleep(place * NEXT_MS, signal, (wake) => turns.push(wake));
    signal.throwIfAborted();
    const id = [owner, 'open', Date.now(), process.hrtime.bigint()].join('-');
    const answer = await fleet.ask(
      { kind: 'open', id, spec },
      { pattern: device, fingerprint },
      signal,
      true,
    );
    if (answer?.kind === 'opened') return answer;
    refusal ??= answer;
    turns[place + 1]?.();
    throw new Error(`${device} has opened nothing`);
  });
  return Promise.any(asked)
    .catch(() => refusal)
    .finally(() => ending.abort());
}
