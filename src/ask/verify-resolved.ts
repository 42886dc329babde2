import type { Configuration } from '../../search-space/parameter.ts';
import type { Claim, Verification } from '../../store/verification.ts';
import type { VerificationStore } from '../../store/verification-store.ts';
import type { Clock } from '../../tuner/clock.ts';
import { cutOff } from '../../tuner/cut-off.ts';
import { falseClaimsAt } from '../../tuner/verification/pair-test.ts';
import { type Verified, type VerifyEvent, verifyWinner } from '../../tuner/verification/verify.ts';
import type { ResolvedStudy } from './resolve-study.ts';
import { toolVersion } from './tool-version.ts';

/** How often the pairs so far are stored, so that even one who kills a verification goes on with it. Milliseconds. */
const KEEP_MS = 1000;

/** Which winner of a study to verify, beside what, and whether it is faster by more than `by`. */
export type AskedVerification = Readonly<{ winner: Configuration; against: Configuration; by: number }>;

export type VerifySurroundings = Readonly<{
  clock: Clock;
  signal: AbortSignal;
  forMs: number;
  listen(event: VerifyEvent): void;
}>;

/** Of a verification: what is stored, and what was seen of this call. */
export type VerifiedStudy = Verified & Pick<Verification, 'falseClaims'>;

/** A study, and how its machine is opened. */
export type VerifiedSubject = Pick<ResolvedStudy, 'id' | 'backend'> &
  Readonly<{ study: Pick<ResolvedStudy['study'], 'seed'> }>;

/**
 * Verifies a stored study's winner, and stores what is known after every second. Pairs of an earlier call count, so
 * that asking again is no second chance; another winner of the study has a smaller rate of false claims.
 */
export async function verifyResolved(
  { id: studyId, study, backend: open }: VerifiedSubject,
  { winner, against, by }: AskedVerification,
  store: VerificationStore,
  { clock, signal, forMs, listen }: VerifySurroundings,
): Promise<VerifiedStudy> {
  const began = clock.elapsed();
  const known = await store.verifications(studyId);
  const earlier = known.find((each) => isSame(each.winner, winner) && isSame(each.against, against));
  const place = earlier?.place ?? known.length;
  const falseClaims = falseClaimsAt(place);
  const record = { studyId, place, winner, against, toolVersion: toolVersion() };
  const backend = await open();
  const isExact = backend.timing.kind === 'exact';
  const leftMs = (): number => (isExact ? Number.POSITIVE_INFINITY : forMs - (clock.elapsed() - began));
  const cut = cutOff(signal, leftMs);
  const keep = (seen: Pick<Verified, 'kind' | 'verdict' | 'pairs' | 'timingsOfPair' | 'environment'>) => {
    const { kind, verdict, pairs, timingsOfPair, environment } = seen;
    const claims = withClaim(earlier?.claims ?? [], { by, verdict });
    const rate = { falseClaims: isExact ? null : falseClaims };
    return store.saveVerification({ ...record, ...rate, kind, pairs, timingsOfPair, claims, environment });
  };
  let keptMs = began;
  const onEvent = async (event: VerifyEvent): Promise<void> => {
    listen(event);
    if (clock.elapsed() - keptMs < KEEP_MS) return;
    keptMs = clock.elapsed();
    const { pairs, timings } = event;
    const timingsOfPair = timings / pairs.length;
    await keep({ kind: 'sampled', verdict: 'unknown', pairs, timingsOfPair, environment: {} });
  };
  try {
    const pairs = earlier?.kind === 'sampled' ? earlier.pairs : [];
    const question = { winner, against, by, falseClaims, seed: study.seed, earlier: pairs };
    const ending = { signal: cut.signal, leftMs };
    const verified = await verifyWinner(backend, question, ending, clock.now(), onEvent);
    if (verified.pairs.length > 0) await keep(verified);
    const notes = [...verified.notes, ...(backend.notes?.() ?? [])];
    return { ...verified, notes, falseClaims: isExact ? null : falseClaims };
  } finally {
    cut.close();
    await backend.close();
  }
}

/** Whether two configurations have the same values. */
export function isSame(a: Configuration, b: Configuration): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** An answer replaces the earlier one to the same question. */
function withClaim(claims: readonly Claim[], claim: Claim): readonly Claim[] {
  return [...claims.filter(({ by }) => by !== claim.by), claim].sort((a, b) => a.by - b.by);
}
