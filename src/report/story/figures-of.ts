import type { Findings, LadderRung } from '../../../tuner/attribution/findings.ts';
import { knownOr, type OrUnknown } from '../../../tuner/attribution/gain.ts';
import type { Why } from '../../answers/why/why.ts';
import { plotBestSoFar } from '../figures/best-so-far.ts';
import { plotFront } from '../figures/front.ts';
import { type GainRow, plotGains } from '../figures/gains.ts';
import { type LadderStep, ladderData, plotLadder } from '../figures/ladder.ts';
import { plotRoofline } from '../figures/roofline.ts';
import { plotScaling } from '../figures/scaling.ts';
import { plotShares, sharesData } from '../figures/shares.ts';
import { plotWhole } from '../figures/whole.ts';
import { plotWhy } from '../figures/why.ts';
import type { Figure } from '../svg/figure.ts';
import { subjectOf } from '../words/subject.ts';
import { type ModelGain, modelParts, wholeTitle } from './model-gain.ts';
import type { Story } from './story.ts';
import { gainOverDefault, type StudyStory } from './study-story.ts';
import { placeOf } from './words.ts';

/** The figures of a study, for HTML and Markdown. */
export type StudyFigures = Readonly<{
  ladder: Figure | undefined;
  /** Undefined also if it would be the same as `ladder`. */
  fixedTile: Figure | undefined;
  shares: Figure | undefined;
  curve: Figure | undefined;
  /** Pareto optima. */
  front: Figure | undefined;
  /** The way from the default, and the rungs under the machine's roofs. */
  why: Figure | undefined;
  roofline: Figure | undefined;
}>;

/** A study's ladders: everything else tuned on each rung, and, if that is another one, with one schedule on all. */
function laddersOf(
  findings: Pick<Findings, 'ladder' | 'ladderFixedTile'>,
): readonly Readonly<{ kind: 'ladder' | 'fixedTile'; title: string; steps: readonly LadderStep[] }>[] {
  const { ladder, ladderFixedTile } = findings;
  const isSame = JSON.stringify(ladder) === JSON.stringify(ladderFixedTile);
  const stepsOf = (rungs: OrUnknown<readonly LadderRung[]>): readonly LadderStep[] =>
    ladderData(knownOr(rungs) ?? []);
  const fixed = isSame ? [] : stepsOf(ladderFixedTile);
  const all = [
    { kind: 'ladder', title: 'Ladder: all else tuned on each rung', steps: stepsOf(ladder) },
    { kind: 'fixedTile', title: 'Ladder: one schedule on all rungs', steps: fixed },
  ] as const;
  return all.filter(({ steps }) => steps.length > 0);
}

export function studyFigures({ study, findings, preferred, curve, why, trials }: StudyStory): StudyFigures {
  const { id } = study;
  const ladders = findings === null ? [] : laddersOf(findings);
  const ladderFigure = (kind: 'ladder' | 'fixedTile', name: string): Figure | undefined => {
    const ladder = ladders.find((each) => each.kind === kind);
    return ladder && plotLadder(`${name}-${id}`, ladder.title, ladder.steps);
  };
  const gains = findings?.gains ?? {};
  const shares = sharesData(gains);
  return {
    ladder: ladderFigure('ladder', 'ladder'),
    fixedTile: ladderFigure('fixedTile', 'fixed-tile'),
    shares: shares.length === 0 ? undefined : plotShares(`shares-${id}`, shares),
    ...(why === undefined ? { why: undefined, roofline: undefined } : whyFigures(id, why)),
    front: findings?.front && plotFront(`front-${id}`, findings.front, trials ?? []),
    curve: plotBestSoFar(`best-so-far-${id}`, curve, {
      useUs: findings?.environment?.screeningOnly === true ? null : (findings?.best?.timeUs ?? null),
      defaultUs: preferred.timeUs,
    }),
  };
}

/** Of a study, by its id: the way from the default, and the rungs under the machine's roofs. */
export function whyFigures(
  id: string,
  why: Pick<Why, 'way' | 'roofline'>,
): Pick<StudyFigures, 'why' | 'roofline'> {
  const way = knownOr(why.way);
  const roofline = knownOr(why.roofline);
  return {
    why: way === null ? undefined : plotWhy(`why-${id}`, way),
    roofline: roofline === null ? undefined : plotRoofline(`roofline-${id}`, roofline),
  };
}

/** All gains over the default on one axis; none if there is none. */
export function gainsFigures({ studies }: Story): readonly Figure[] {
  const rows = studies.flatMap((each): readonly GainRow[] => {
    const gain = knownOr(gainOverDefault(each));
    return gain === null
      ? []
      : [
          {
            name: each.kernel.name,
            shape: subjectOf({ ...each.kernel, name: '' }),
            target: placeOf(each, studies),
            gain,
          },
        ];
  });
  return plotGains('gains-over-default', rows);
}

/** A whole model as one bar. */
export function wholeFigure(id: string, found: ModelGain): Figure {
  return plotWhole(id, `${wholeTitle(found)}, by default and tuned`, modelParts(found));
}

export function scalingFigures({ scalings }: Pick<Story, 'scalings'>): readonly (Figure | undefined)[] {
  return scalings.map((document, place) => plotScaling(`scaling-${place + 1}`, document));
}
