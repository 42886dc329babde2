import type { Configuration } from '../../search-space/parameter.ts';
import type { TimedPair } from '../../store/verification.ts';
import type { VerificationStore } from '../../store/verification-store.ts';
import { type OrUnknown, type TimeFigure, unknown } from '../../tuner/attribution/gain.ts';
import { median } from '../../tuner/measurement/statistics.ts';
import type { VerifyEvent } from '../../tuner/verification/verify.ts';
import type { ResolvedStudy } from '../ask/resolve-study.ts';
import {
  type AskedVerification,
  isSame,
  type VerifiedStudy,
  verifyResolved,
} from '../ask/verify-resolved.ts';
import type { VerifyDocument } from '../documents/verify.ts';
import { countOf } from '../report/words/numbers.ts';
import { verifySentence } from '../report/words/verified.ts';
import { progressLine } from './progress-line.ts';
import type { Session } from './session.ts';

/** What a winner is compared with, and how long that may take. */
export type Verifying = Readonly<{
  winner: Configuration;
  against: Readonly<{ given: string; configuration: Configuration }>;
  by: number;
  forMs: number;
  quiet: boolean;
}>;

/** Verifies a stored study's winner, with progress on stderr. The same configuration needs no clock. */
export async function verifying(
  resolved: ResolvedStudy,
  { winner, against, by, forMs, quiet }: Verifying,
  store: VerificationStore,
  session: Session,
): Promise<VerifyDocument> {
  const asked = { winner, against: against.configuration, by };
  const document = documentOf(resolved, asked, against.given);
  if (isSame(winner, against.configuration)) return document(SAME);
  const surroundings = { clock: session.clock, signal: session.interruption(), forMs };
  const report = reportPairs(session, quiet);
  try {
    return document(await verifyResolved(resolved, asked, store, { ...surroundings, listen: report.listen }));
  } finally {
    report.end();
  }
}

const SAME: VerifiedStudy = Object.freeze({
  kind: 'ensemble',
  verdict: 'not faster',
  pairs: [],
  timingsOfPair: 2,
  environment: {},
  notes: [],
  falseClaims: null,
});

/** Tells how far a verification is. */
export function reportPairs(session: Session, quiet: boolean) {
  const { tell, end } = progressLine(session, quiet);
  const listen = ({ pairs, timings }: VerifyEvent): void => {
    const factor = median(pairs.map(gainOf)).toFixed(4);
    tell(
      `verifying: ${factor}× in the median of ${countOf(pairs.length, 'pair')}, ${countOf(timings, 'timing')}`,
    );
  };
  return { listen, end };
}

/** What was asked for, as a function that completes it by what was seen. */
function documentOf(
  { id, kernel, target }: ResolvedStudy,
  { winner, against, by }: AskedVerification,
  given: string,
): (seen: VerifiedStudy) => VerifyDocument {
  const { name, shape, dtype } = kernel;
  const asked = {
    study: id,
    kernel: name,
    shape,
    dtype,
    target: target.name,
    from: target.kind,
    by,
  } as const;
  return ({ kind, verdict, undecided, pairs, timingsOfPair, falseClaims, notes, environment }) => {
    const isExact = kind === 'ensemble';
    // Of exact times the nominal set comes first.
    const figure = (of: (pair: TimedPair) => number): OrUnknown<number> => {
      if (pairs.length === 0) return NO_PAIR;
      return isExact ? of(pairs[0]) : median(pairs.map(of));
    };
    const timeOf = (side: 0 | 1): TimeFigure => figure((pair) => pair[side]);
    const document = {
      schemaVersion: 1,
      ...asked,
      isExact,
      winner: { configuration: winner, timeUs: timeOf(0) },
      against: { given, configuration: against, timeUs: timeOf(1) },
      by,
      verdict,
      undecided: undecided ?? null,
      gain: figure(gainOf),
      pairs: pairs.length,
      timings: pairs.length * timingsOfPair,
      falseClaims,
      notes,
      environment,
    } as const;
    return { ...document, sentence: verifySentence(document) };
  };
}

const NO_PAIR = unknown('not tried', 'nothing was timed');

function gainOf([winnerUs, againstUs]: TimedPair): number {
  return againstUs / winnerUs;
}
