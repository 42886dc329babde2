import type { Configuration } from '../../../search-space/parameter.ts';
import type { SpaceDefinition } from '../../../search-space/space-definition.ts';
import type { CatalogStore } from '../../../store/catalog-store.ts';
import type { FindingStore } from '../../../store/finding-store.ts';
import type { StudySummary } from '../../../store/study-store.ts';
import { type TargetKind, targetKinds } from '../../../store/target-kinds.ts';
import type { SettledTrial, TimedTrial } from '../../../store/trial.ts';
import type { TrialLog } from '../../../store/trial-log.ts';
import type { Findings, LadderRung } from '../../../tuner/attribution/findings.ts';
import { isKnown, knownOr, type OrUnknown, type Unknown, unknown } from '../../../tuner/attribution/gain.ts';
import { TIME } from '../../../tuner/objectives/metrics.ts';
import { studySpecSchema } from '../../ask/study-spec.ts';
import { codeEffectsOf } from '../code-effects.ts';
import { comparedTrials } from '../compared-trials.ts';
import { SpreadTrials } from '../spread-trials.ts';
import { type StoredCall, simulatedCall } from '../stored-call.ts';
import { measuredWay } from './measured-way.ts';
import { limitOf, type NextLimit } from './next-limit.ts';
import { type Roofline, rooflineOf } from './roofline.ts';
import { simulatedWay } from './simulated-way.ts';
import type { WhyWay } from './step.ts';

/** Why a study's configuration to use is as fast as it is, and what keeps it from being faster. */
export type Why = Readonly<{
  from: TargetKind;
  /** From the default to the configuration to use. */
  way: OrUnknown<WhyWay>;
  limit: OrUnknown<NextLimit>;
  roofline: OrUnknown<Roofline>;
}>;

/** What is asked about a study, as data that can be sent to a thread. */
export type WhyQuestion = Readonly<{
  kind: TargetKind;
  default: Configuration;
  use: Configuration;
  rungs: readonly LadderRung[];
  seed: number;
  space: SpaceDefinition;
  /** Null where its times are not a simulator's. */
  call: Omit<StoredCall, 'configuration'> | null;
  /** Of measured studies. */
  trials: readonly TimedTrial[];
  /** All settled trials that a way could lead through. */
  between: readonly SettledTrial[];
  compared: readonly Readonly<{ configuration: Configuration; timeUs: number }>[];
  /** Parameters that changed no code. */
  idle: readonly string[];
}>;

/** What of a store is read. */
export type WhySource = TrialLog & FindingStore & Pick<CatalogStore, 'kernel'>;

const NOTHING_TO_USE = unknown('failed', 'nothing was timed');
const OTHER_OBJECTIVE = unknown('not applicable', 'the study seeks something else than the shortest time');

/** The question about a study with findings, or why there is none. */
export async function whyQuestion(
  { study, kernel, target }: Pick<StudySummary, 'study' | 'kernel' | 'target'>,
  findings: Pick<Findings, 'best' | 'ladder'>,
  store: WhySource,
): Promise<OrUnknown<WhyQuestion>> {
  if (study.objective !== TIME) return OTHER_OBJECTIVE;
  if (findings.best === null) return NOTHING_TO_USE;
  const { isModelled } = targetKinds[target.kind];
  const record = isModelled && study.spec !== null ? await store.kernel(kernel.hash) : undefined;
  const { defaultConfiguration: from, id } = study;
  const use = findings.best.configuration;
  const sample = new SpreadTrials();
  const between: SettledTrial[] = [];
  if (!isModelled) {
    for await (const trial of store.trials(id)) {
      sample.add(trial);
      if (isBetween(trial.configuration, from, use)) between.push(trial);
    }
  }
  return {
    kind: target.kind,
    default: from,
    use,
    rungs: knownOr(findings.ladder) ?? [],
    seed: study.seed,
    space: study.space,
    call:
      record === undefined
        ? null
        : {
            kernel: record,
            target: studySpecSchema.parse(study.spec).target,
            fingerprint: target.fingerprint,
          },
    trials: sample.trials,
    between,
    compared: isModelled ? [] : await comparedTrials(id, store),
    idle: codeEffectsOf(await store.findings(id))?.idle ?? [],
  };
}

/** Whether a way from one configuration to another could lead through this one. */
function isBetween(one: Configuration, from: Configuration, to: Configuration): boolean {
  return Object.keys(to).every((name) => one[name] === from[name] || one[name] === to[name]);
}

const NO_MACHINE = unknown(
  'not applicable',
  'only a machine that is simulated in all says what it could do at most',
);
const CHANGED = unknown('not applicable', 'the simulated target is not there any more, or has changed since');

/** Simulates some configurations, or fits trees to trials: takes some milliseconds. */
export function answerWhy(asked: WhyQuestion): Why {
  const { kind, default: from, use } = asked;
  if (!targetKinds[kind].isModelled) {
    const way = measuredWay(asked.space, asked, from, use);
    return { from: kind, way, limit: NO_MACHINE, roofline: NO_MACHINE };
  }
  const found = asked.call === null ? undefined : simulatedCall(asked.call);
  if (found === undefined) return nothing(kind, CHANGED);
  const { kernel, machine } = found;
  return {
    from: kind,
    way: simulatedWay(kernel, machine, from, use),
    limit: limitOf(kernel, machine, use),
    roofline: rooflineOf(kernel, machine, asked.rungs),
  };
}

/** The same of a stored study. */
export async function whyOf(
  summary: Pick<StudySummary, 'study' | 'kernel' | 'target'>,
  findings: Pick<Findings, 'best' | 'ladder'>,
  store: WhySource,
  answer: (asked: WhyQuestion) => Why | Promise<Why> = answerWhy,
): Promise<Why> {
  const asked = await whyQuestion(summary, findings, store);
  return isKnown(asked) ? answer(asked) : nothing(summary.target.kind, asked);
}

function nothing(from: TargetKind, why: Unknown): Why {
  return { from, way: why, limit: why, roofline: why };
}
