import { targetKinds } from '../../store/target-kinds.ts';
import type { WinnerVerdict } from '../../store/verification.ts';
import { type OrUnknown, unknown } from '../../tuner/attribution/gain.ts';
import { cutOff } from '../../tuner/cut-off.ts';
import { median } from '../../tuner/measurement/statistics.ts';
import { falseClaimsAt } from '../../tuner/verification/pair-test.ts';
import { verifyWinner } from '../../tuner/verification/verify.ts';
import type { Compared, ComparedRow, VerifiedChange } from '../answers/compare/compare.ts';
import type { Imports } from '../ask/resolve-kernel.ts';
import { type ResolvedStudy, resolveStudy } from '../ask/resolve-study.ts';
import { studySpecSchema } from '../ask/study-spec.ts';
import { isSame } from '../ask/verify-resolved.ts';
import type { Flags } from './flags.ts';
import type { GlobalOption } from './options/global.ts';
import type { Session } from './session.ts';
import { Spaces } from './spaces.ts';
import { measuringAlone } from './stores.ts';
import { reportPairs } from './verifying.ts';

export type VerifyingChanges = Readonly<{
  failAbove: number;
  /** The time for each row. */
  forMs: number;
  /** The user's own kernels, as the side after has them. */
  imports: Imports;
}>;

/**
 * Times anew, in fresh processes, what a comparison claims to be slower than allowed, or cannot tell: the configuration of
 * before beside that of after. What is shown to be slower has got worse; what is neither shown to be nor not to be is
 * unknown. Nothing is stored.
 */
export async function verifyChanges(
  compared: Compared,
  { failAbove, forMs, imports }: VerifyingChanges,
  flags: Flags<GlobalOption>,
  session: Session,
): Promise<Compared> {
  const isAsked = ({ isWorse, isUntold }: ComparedRow): boolean => isWorse || isUntold;
  // Of all rows together at most as many claims are false as of a single verification.
  const falseClaims = falseClaimsAt(0) / Math.max(1, compared.rows.filter(isAsked).length);
  const rows: ComparedRow[] = [];
  for (const row of compared.rows) {
    if (!isAsked(row)) {
      rows.push(row);
      continue;
    }
    const resolved = await subjectOf(row, imports, flags, session);
    const measured = async (): Promise<VerifiedChange> =>
      typeof resolved === 'string'
        ? untold(resolved)
        : timedAnew(row, resolved, { failAbove, forMs, falseClaims }, flags, session);
    const isAlone = typeof resolved !== 'string' && targetKinds[resolved.target.kind].runsAlone;
    const verified = isAlone ? await measuringAlone('compare', flags, session, measured) : await measured();
    const { verdict } = verified;
    rows.push({ ...row, verified, isWorse: verdict === 'slower', isUntold: verdict === 'unknown' });
  }
  return { ...compared, rows };
}

/** What both configurations can be timed on; else why nothing here can. */
async function subjectOf(
  { before: { best: a }, after: { best: b, spec: stored } }: ComparedRow,
  imports: Imports,
  flags: Flags<GlobalOption>,
  session: Session,
): Promise<ResolvedStudy | string> {
  if (a.kernel.hash !== b.kernel.hash || a.target.fingerprint !== b.target.fingerprint)
    return 'the two are of different kernels or targets';
  if (isSame(a.configuration, b.configuration))
    return 'both have the same configuration, so what differs is the machine or the code of then';
  const { success, data: spec } = studySpecSchema.safeParse(stored);
  if (!success || spec.target.kind === 'local') return 'only what measured it can time it';
  const resolved = await resolveStudy(spec, imports, new Spaces(flags, session).restrict);
  return resolved.kernel.hash === b.kernel.hash && resolved.target.fingerprint === b.target.fingerprint
    ? resolved
    : 'kernel or target have changed since';
}

type Terms = Omit<VerifyingChanges, 'imports'> & Readonly<{ falseClaims: number }>;

async function timedAnew(
  { before, after }: ComparedRow,
  resolved: ResolvedStudy,
  { failAbove, forMs, falseClaims }: Terms,
  flags: Flags<GlobalOption>,
  session: Session,
): Promise<VerifiedChange> {
  const { clock } = session;
  const began = clock.elapsed();
  const backend = await resolved.backend();
  const isExact = backend.timing.kind === 'exact';
  const leftMs = (): number => (isExact ? Number.POSITIVE_INFINITY : forMs - (clock.elapsed() - began));
  const cut = cutOff(session.interruption(), leftMs);
  const report = reportPairs(session, flags.isOn('quiet'));
  const sides = { winner: before.best.configuration, against: after.best.configuration };
  const question = { ...sides, by: failAbove, falseClaims, seed: resolved.study.seed, earlier: [] };
  try {
    const seen = await verifyWinner(
      backend,
      question,
      { signal: cut.signal, leftMs },
      clock.now(),
      async (event) => report.listen(event),
    );
    const ratios = seen.pairs.map(([beforeUs, afterUs]) => afterUs / beforeUs);
    const change: OrUnknown<number> =
      ratios.length === 0 ? NO_PAIR : seen.kind === 'ensemble' ? ratios[0] : median(ratios);
    return {
      verdict: VERDICTS[seen.verdict],
      change,
      timings: ratios.length * seen.timingsOfPair,
      falseClaims: isExact ? null : falseClaims,
      undecided: seen.undecided ?? null,
    };
  } finally {
    report.end();
    cut.close();
    await backend.close();
  }
}

/** Whether before is faster, as what it says of after. */
const VERDICTS = Object.freeze({
  faster: 'slower',
  'not faster': 'not slower',
  unknown: 'unknown',
} as const satisfies Record<WinnerVerdict, VerifiedChange['verdict']>);

const NO_PAIR = unknown('not tried', 'nothing was timed anew');

function untold(why: string): VerifiedChange {
  return { verdict: 'unknown', change: NO_PAIR, timings: 0, falseClaims: null, undecided: why };
}
