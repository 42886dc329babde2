import { MECHANISMS } from '../../../search-space/parameter.ts';
import { type GainFigure, isKnown } from '../../../tuner/attribution/gain.ts';
import type { FoundFront } from '../../../tuner/objectives/found-front.ts';
import { markdownBlock, markdownCode, markdownTable, markdownText } from '../../languages/markdown.ts';
import { reasonWords } from '../../text/unknown-words.ts';
import { gainsFigures, scalingFigures, studyFigures, wholeFigure } from '../story/figures-of.ts';
import { gainSentences, ladderSentences, MECHANISM_NAMES } from '../story/gain-words.ts';
import { READING } from '../story/glossary.ts';
import type { ModelGain } from '../story/model-gain.ts';
import { MODEL_TITLES, modelCells, modelSentence, modelTitle } from '../story/model-words.ts';
import { publishedSentences } from '../story/published.ts';
import { repeatCommands } from '../story/repeat.ts';
import type { Story } from '../story/story.ts';
import {
  gainOverDefault,
  overDefaultCell,
  type StudyStory,
  tableUnit,
  timeCell,
  timesLabel,
} from '../story/study-story.ts';
import { ownWarnings, sharedWarnings, summaryOf, untoldGains, untoldIntervals } from '../story/summary.ts';
import {
  describeSearch,
  placeOf,
  scalingTitle,
  soFarSentence,
  stabilityWords,
  titleOf,
} from '../story/words.ts';
import { type Figure, standaloneSvg } from '../svg/figure.ts';
import { configurationText } from '../words/configuration.ts';
import { frontTable, frontWords } from '../words/front.ts';
import { fitSentence, idleSentence, importanceRows, shareWords } from '../words/importance.ts';
import { listed } from '../words/listed.ts';
import { countOf, formatFactor, formatGain, formatShare } from '../words/numbers.ts';
import { whySentences } from '../words/why.ts';

/** The report as Markdown, with its figures as files in a folder beside it. */
export type MarkdownReport = Readonly<{
  text: string;
  figures: readonly Readonly<{ name: string; text: string }>[];
}>;

export function markdownReport(story: Story, figureFolder: string): MarkdownReport {
  const figures: Figure[] = [];
  const picture = (drawn: Figure | undefined): string => {
    if (drawn === undefined) return '';
    figures.push(drawn);
    return `![${markdownText(`${drawn.title}. ${drawn.description}`)}](${linkTo(figureFolder)}/${linkTo(drawn.id)}.svg)`;
  };
  const said = new Set(sharedWarnings(story).map(({ warning }) => warning));
  const blocks = [
    ...opening(story),
    '## In short',
    ...gainsFigures(story).map(picture),
    markdownText(untoldGains(story) ?? ''),
    ...sharedWarnings(story).map(({ sentence }) => `> ${markdownText(sentence)}`),
    markdownText(untoldIntervals(story) ?? ''),
    overview(story),
    ...story.models.flatMap((each, place) => modelBlocks(each, `whole-${place + 1}`, picture)),
    ...scaling(story, picture),
    ...(story.isSummary
      ? []
      : [
          '## Study by study',
          ...story.studies.flatMap((each) => studyBlocks(each, story.studies, said, picture)),
        ]),
    '## How to read this',
    READING.map(([term, meaning]) => `- **${term}**: ${meaning}`).join('\n'),
  ];
  return {
    text: `${blocks.filter((block) => block !== '').join('\n\n')}\n`,
    figures: figures.map((drawn) => ({ name: `${drawn.id}.svg`, text: standaloneSvg(drawn) })),
  };
}

function opening(story: Story): readonly string[] {
  const { studies, targets, trials, meanGains, times } = summaryOf(story);
  const mean =
    meanGains.length === 0
      ? ''
      : ` The gains over the default have a geometric mean of ${listed(meanGains.map((each) => `**${formatFactor(each.gain)}** (${each.times})`))}.`;
  return [
    '# Tuning report',
    `${countOf(studies, 'study', 'studies')} and ${countOf(trials, 'trial')} on ${targets.map(markdownText).join(', ')}.${mean} ${times}`,
  ];
}

function overview({ studies }: Story): string {
  const titles = [
    'kernel',
    'shape',
    'dtype',
    'target',
    'times',
    'default',
    'best',
    'gain over default',
    'what to use',
  ];
  const unit = tableUnit(studies);
  const cells = studies.map((each) => {
    const { kernel, best } = each;
    return [
      ...[kernel.name, kernel.shape, kernel.dtype, placeOf(each, studies)].map(markdownText),
      timesLabel(each),
      timeCell(each, each.preferred.timeUs, unit),
      timeCell(each, best?.timeUs, unit),
      overDefaultCell(each),
      best === null ? '' : markdownCode(configurationText(best.configuration), 'inTable'),
    ];
  });
  const aligns = titles.map((title) => (title === 'default' || title === 'best' ? 'right' : 'left'));
  return markdownTable(titles, aligns, cells).trimEnd();
}

function modelBlocks(found: ModelGain, id: string, picture: Picture): readonly string[] {
  const { missing } = found;
  const cells = modelCells(found).map(([kernel, ...numbers]) => [markdownText(kernel), ...numbers]);
  const aligns = MODEL_TITLES.map((_, place) => (place === 0 ? 'left' : 'right'));
  return [
    `## ${markdownText(modelTitle(found))}`,
    markdownText(modelSentence(found)),
    missing.length === 0
      ? ''
      : `> Not tuned, or of unknown gain, and in neither sum: ${markdownText(missing.join(', '))}.`,
    picture(wholeFigure(id, found)),
    markdownTable(MODEL_TITLES, aligns, cells).trimEnd(),
  ];
}

type Picture = (drawn: Figure | undefined) => string;

function scaling(story: Story, picture: Picture): readonly string[] {
  const figures = scalingFigures(story);
  const blocks = story.scalings.flatMap((document, place) => [
    `### ${MECHANISM_NAMES[document.mechanism]}: ${markdownText(scalingTitle(document, story.scalings))}`,
    picture(figures[place]),
  ]);
  return blocks.length === 0 ? [] : ['## Gain against size', ...blocks];
}

function optimaBlocks(front: FoundFront): readonly string[] {
  const { titles, rows } = frontTable(front);
  const aligns = titles.map((_, place) => (place === titles.length - 1 ? 'left' : 'right'));
  const cells = rows.map((row) => row.map(markdownText));
  return [
    `${markdownText(frontWords(front))}:`,
    markdownTable(titles.map(markdownText), aligns, cells).trimEnd(),
  ];
}

function studyBlocks(
  story: StudyStory,
  among: readonly StudyStory[],
  said: ReadonlySet<string>,
  picture: Picture,
): readonly string[] {
  const { findings } = story;
  const { ladder, fixedTile, shares, curve, front, why, roofline } = studyFigures(story);
  const command = repeatCommands(story);
  return [
    `### ${markdownText(titleOf(story, among))} (${timesLabel(story)})`,
    findings === null ? '' : headline(gainOverDefault(story)),
    ...ownWarnings(story, said).map((warning) => `> ${markdownText(warning)}`),
    markdownText(soFarSentence(story) ?? ''),
    findings?.best == null ? '' : `Use ${markdownCode(configurationText(findings.best.configuration))}.`,
    ...stabilityWords(story).map(markdownText),
    ...(findings?.front === undefined ? [] : optimaBlocks(findings.front)),
    picture(front),
    picture(ladder),
    picture(fixedTile),
    ...(story.why === undefined ? [] : [picture(why), bullets(whySentences(story.why)), picture(roofline)]),
    bullets(ladderSentences(findings)),
    gainsTable(story),
    bullets(publishedSentences(story)),
    bullets(gainSentences(findings?.gains ?? {})),
    ...importanceBlocks(story),
    picture(shares),
    picture(curve),
    markdownText(describeSearch(story)),
    command === null ? '' : markdownBlock(command.split('\n')),
  ];
}

function bullets(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${markdownText(sentence)}`).join('\n');
}

function headline(gain: GainFigure): string {
  if (isKnown(gain)) return `**${formatGain(gain)}** as fast as the default.`;
  return markdownText(`Gain over the default: ${reasonWords(gain)}.`);
}

function gainsTable({ findings }: StudyStory): string {
  const rows = MECHANISMS.flatMap((mechanism) => {
    const found = findings?.gains[mechanism];
    if (found === undefined) return [];
    const { alone, leftOut, forced, shapleyShare } = found;
    return [
      [
        MECHANISM_NAMES[mechanism],
        formatGain(alone),
        formatGain(leftOut),
        formatGain(forced),
        formatShare(shapleyShare),
      ],
    ];
  });
  const titles = ['mechanism', 'alone', 'left out', 'forced', 'Shapley share'];
  return rows.length === 0
    ? ''
    : markdownTable(
        titles,
        titles.map(() => 'left'),
        rows,
      ).trimEnd();
}

function importanceBlocks({ importance }: StudyStory): readonly string[] {
  if (importance === undefined) return [];
  const cells = importanceRows(importance).map(({ what, share }) => [markdownText(what), shareWords(share)]);
  const table = markdownTable(['explains', 'share'], ['left', 'right'], cells).trimEnd();
  return [table, markdownText(`${idleSentence(importance)} ${fitSentence(importance)}`.trim())];
}

/** A part of an address; brackets would end it. */
function linkTo(part: string): string {
  return encodeURIComponent(part).replaceAll(
    /[()']/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
}
