import { MECHANISMS } from '../../../search-space/parameter.ts';
import { targetKinds } from '../../../store/target-kinds.ts';
import type { Findings, TimedConfiguration } from '../../../tuner/attribution/findings.ts';
import { isKnown, isUnknown } from '../../../tuner/attribution/gain.ts';
import { element, escapeText } from '../../languages/markup.ts';
import { formatTimeUs, timeIn, timeUnitFor } from '../../text/time-text.ts';
import { studyFigures } from '../story/figures-of.ts';
import { gainSentences, ladderSentences, MECHANISM_NAMES } from '../story/gain-words.ts';
import { publishedSentences } from '../story/published.ts';
import { repeatCommands } from '../story/repeat.ts';
import { gainOverDefault, overDefaultCell, type StudyStory, timesLabel } from '../story/study-story.ts';
import { ownWarnings } from '../story/summary.ts';
import { describeSearch, soFarSentence, stabilityWords, titleOf } from '../story/words.ts';
import { frontTable, frontWords } from '../words/front.ts';
import { fitSentence, idleSentence, importanceRows, shareWords } from '../words/importance.ts';
import { nothingSentence } from '../words/nothing.ts';
import { formatFactor, formatGain, formatInterval, formatShare } from '../words/numbers.ts';
import { whySentences } from '../words/why.ts';
import { breakable, type Cell, figure, paragraph, prose, table } from './parts.ts';

/** A study under its heading, without the warnings that are said of several. */
export function studySection(
  story: StudyStory,
  among: readonly StudyStory[],
  said: ReadonlySet<string>,
): string {
  return heading(story, among) + body(story, said);
}

/** The same, of which a reader sees no more than heading and gain before it is opened. */
export function closedStudy(
  story: StudyStory,
  among: readonly StudyStory[],
  said: ReadonlySet<string>,
): string {
  const gain = gainOverDefault(story);
  const words = isKnown(gain) ? `${formatGain(gain)} as fast as the default` : overDefaultCell(story);
  const soft = element('span', { class: 'soft' }, escapeText(`${words} · ${story.study.id}`));
  return element('details', {}, element('summary', {}, heading(story, among), ' ', soft), body(story, said));
}

function heading(story: StudyStory, among: readonly StudyStory[]): string {
  const badge = element('span', { class: 'badge' }, timesLabel(story));
  return element('h3', { id: `h-${story.study.id}` }, breakable(titleOf(story, among)), ' ', badge);
}

/** Its gain, then the configuration to use, then the gains by mechanism, then how to repeat it. */
function body(story: StudyStory, said: ReadonlySet<string>): string {
  const { study, target, findings } = story;
  const figures = studyFigures(story);
  return element(
    'section',
    { id: `study-${study.id}`, 'aria-labelledby': `h-${study.id}` },
    findings === null ? paragraph(soFarSentence(story) ?? '') : headline(findings),
    ...ownWarnings(story, said).map((warning) => paragraph(warning, 'warning')),
    element(
      'div',
      { class: 'side' },
      findings === null
        ? ''
        : element('div', { class: 'fit' }, choices(findings, targetKinds[target.kind].label)),
      element('div', {}, figure(figures.ladder), figure(figures.fixedTile)),
    ),
    ...stabilityWords(story).map((words) => paragraph(words, 'soft')),
    isUnknown(findings?.ladderFixedTile)
      ? paragraph(`No ladder with one tile on all rungs: ${findings.ladderFixedTile.why}.`, 'soft')
      : '',
    ...(story.why === undefined || findings?.front !== undefined
      ? []
      : [
          element('div', { class: 'side' }, figure(figures.why), figure(figures.roofline)),
          list(whySentences(story.why)),
        ]),
    element('div', { class: 'side' }, optima(findings), element('div', {}, figure(figures.front))),
    list(ladderSentences(findings)),
    findings === null ? '' : gainsTable(findings),
    list(publishedSentences(story)),
    importanceTable(story),
    element('div', { class: 'pair' }, figure(figures.shares), figure(figures.curve)),
    paragraph(describeSearch(story), 'soft'),
    command(repeatCommands(story)),
  );
}

/** The Pareto optima of a study that seeks something else than the time. */
function optima(findings: Findings | null): string {
  if (findings?.front === undefined) return '';
  const { titles, rows } = frontTable(findings.front);
  const columns = titles.map((title, place) => ({ title, isNumber: place > 0 && place < titles.length - 1 }));
  return table(
    frontWords(findings.front),
    columns,
    rows.map((row) => row.map(escapeText)),
  );
}

function command(words: string | null): string {
  const named = { tabindex: '0', 'aria-label': 'commands that repeat this study' };
  return words === null ? '' : element('pre', named, escapeText(words));
}

function headline({ gainOverDefault, default: preferred, best }: Findings): string {
  if (best === null) return paragraph(nothingSentence(gainOverDefault), 'warning');
  const unit = timeUnitFor([best.timeUs, ...(preferred === null ? [] : [preferred.timeUs])]);
  const time = formatTimeUs(best.timeUs, unit);
  if (!isKnown(gainOverDefault)) return paragraph(`${time}: ${gainOverDefault.why}`, 'headline');
  if (preferred === null) return paragraph(time, 'headline');
  const factor = element('b', {}, formatFactor(gainOverDefault.value));
  const was = ` as fast as the default ${formatInterval(gainOverDefault)}: ${timeIn(unit, preferred.timeUs)} → ${time}`;
  return element(
    'p',
    { class: 'headline' },
    factor,
    escapeText(was.replaceAll('  ', ' ').replace(' :', ':')),
  );
}

/** The default, the configuration to use, and the fastest if that is a different one; a row for each parameter. */
function choices(findings: Findings, times: string): string {
  const { best, winner, default: preferred } = findings;
  if (best === null || winner === null) return '';
  const isSame = JSON.stringify(best.configuration) === JSON.stringify(winner.configuration);
  const chosen: readonly (readonly [string, TimedConfiguration])[] = [
    ...(preferred === null ? [] : [['default', preferred] as const]),
    ['use', best],
    ...(isSame ? [] : [['fastest', winner] as const]),
  ];
  const cell = (name: string, { configuration }: TimedConfiguration): Cell => ({
    markup: escapeText(String(configuration[name])),
    kind: preferred === null || configuration[name] === preferred.configuration[name] ? '' : 'changed',
  });
  const rows = Object.keys(best.configuration).map((name) => [
    escapeText(name),
    ...chosen.map(([, timed]) => cell(name, timed)),
  ]);
  const unit = timeUnitFor(chosen.map(([, { timeUs }]) => timeUs));
  const time = [`${unit.name}, ${times}`, ...chosen.map(([, { timeUs }]) => timeIn(unit, timeUs))];
  return table(
    'What to use',
    [{ title: 'parameter' }, ...chosen.map(([title]) => ({ title, isNumber: true }))],
    [...rows, time],
  );
}

function gainsTable({ gains }: Findings): string {
  const rows = MECHANISMS.flatMap((mechanism) => {
    const found = gains[mechanism];
    if (found === undefined) return [];
    const { alone, leftOut, forced, shapleyShare } = found;
    return [
      [
        MECHANISM_NAMES[mechanism],
        formatGain(alone),
        formatGain(leftOut),
        formatGain(forced),
        formatShare(shapleyShare),
      ].map(escapeText),
    ];
  });
  if (rows.length === 0) return '';
  const titles = ['mechanism', 'alone', 'left out', 'forced', 'Shapley share'];
  const columns = titles.map((title) => ({ title }));
  return table('What each mechanism is worth', columns, rows) + list(gainSentences(gains));
}

function list(sentences: readonly string[]): string {
  if (sentences.length === 0) return '';
  return element('ul', { class: 'soft' }, ...sentences.map((text) => element('li', {}, prose(text))));
}

function importanceTable({ importance }: StudyStory): string {
  if (importance === undefined) return '';
  const rows = importanceRows(importance).map(({ what, share }) => [escapeText(what), shareWords(share)]);
  const columns = [{ title: 'explains' }, { title: 'share', isNumber: true }];
  return (
    table('What matters', columns, rows) +
    paragraph(`${idleSentence(importance)} ${fitSentence(importance)}`.trim(), 'soft')
  );
}
