import { targetKinds } from '../../../store/target-kinds.ts';
import { element, escapeText } from '../../languages/markup.ts';
import { formatCount } from '../../text/number-text.ts';
import { gainsFigures, scalingFigures, wholeFigure } from '../story/figures-of.ts';
import { READING } from '../story/glossary.ts';
import type { ModelGain } from '../story/model-gain.ts';
import { MODEL_TITLES, modelCells, modelSentence, modelTitle } from '../story/model-words.ts';
import type { Story } from '../story/story.ts';
import { overDefaultCell, tableUnit, timeCell, timesLabel } from '../story/study-story.ts';
import { sharedWarnings, summaryOf, untoldGains, untoldIntervals } from '../story/summary.ts';
import { placeOf, scalingTitle } from '../story/words.ts';
import { changesText } from '../words/configuration.ts';
import { listed } from '../words/listed.ts';
import { formatFactor } from '../words/numbers.ts';
import { subjectOf } from '../words/subject.ts';
import { breakable, figure, paragraph, prose, table } from './parts.ts';
import { closedStudy, studySection } from './study.ts';
import { PAGE_STYLE } from './style.ts';

/** Of more studies each part is closed at first, and of those that are closed only the heading is printed. */
const MOST_OPEN = 12;

/** The report as one HTML file that loads nothing. The same store gives the same bytes. */
export function htmlReport(story: Story): string {
  const head = [
    '<meta charset="utf-8"/>',
    '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; style-src \'unsafe-inline\'"/>',
    '<link rel="icon" href="data:,"/>',
    element('title', {}, 'nightshift report'),
    element('style', {}, PAGE_STYLE),
  ];
  const main = element(
    'main',
    {},
    opening(story),
    overview(story),
    models(story),
    scaling(story),
    studies(story),
    reading(),
  );
  return `<!doctype html>\n<html lang="en"><head>${head.join('')}</head><body>${main}</body></html>\n`;
}

function opening(story: Story): string {
  const { studies, kernels, targets, trials, meanGains, times } = summaryOf(story);
  const tile = (value: string, what: string): string =>
    element(
      'div',
      { class: 'tile' },
      element('b', {}, escapeText(value)),
      element('span', {}, escapeText(what)),
    );
  const each = kernels === 1 ? 'this kernel' : `each of ${formatCount(kernels)} kernels`;
  const asked = `Which configuration makes ${each} fastest on ${listed(targets)}?`;
  const provenance = `${times} Read from ${story.location}.`;
  return [
    element('h1', {}, 'Tuning report'),
    paragraph(asked),
    paragraph(provenance, 'soft'),
    element(
      'div',
      { class: 'tiles' },
      ...meanGains.map((mean) =>
        tile(formatFactor(mean.gain), `geometric mean of the gains over default, ${mean.times}`),
      ),
      tile(formatCount(studies), studies === 1 ? 'study' : 'studies'),
      tile(formatCount(trials), trials === 1 ? 'trial' : 'trials'),
    ),
  ].join('');
}

function overview(story: Story): string {
  const isMixed = new Set(story.studies.map(timesLabel)).size > 1;
  const unit = tableUnit(story.studies);
  const rows = story.studies.map((each) => {
    const { study, kernel, settled, preferred, best } = each;
    return [
      story.isSummary
        ? breakable(subjectOf(kernel))
        : element('a', { href: `#study-${study.id}` }, breakable(subjectOf(kernel))),
      escapeText(placeOf(each, story.studies)),
      ...(isMixed ? [timesLabel(each)] : []),
      timeCell(each, each.preferred.timeUs, unit),
      timeCell(each, best?.timeUs, unit),
      escapeText(overDefaultCell(each)),
      formatCount(settled),
      escapeText(best === null ? '' : changesText(best.configuration, preferred.configuration)),
    ];
  });
  const columns = [
    { title: 'study', isLong: true },
    { title: 'target' },
    ...(isMixed ? [{ title: 'times' }] : []),
    { title: 'default', isNumber: true },
    { title: 'best', isNumber: true },
    { title: 'gain over default' },
    { title: 'trials', isNumber: true },
    { title: 'differs from the default in', isLong: true },
  ];
  return [
    element('h2', {}, 'In short'),
    ...gainsFigures(story).map(figure),
    paragraph(untoldGains(story) ?? '', 'soft'),
    ...sharedWarnings(story).map(({ sentence }) => paragraph(sentence, 'warning')),
    paragraph(untoldIntervals(story) ?? '', 'soft'),
    table('All studies', columns, rows),
  ].join('');
}

function models({ models: found }: Story): string {
  return found
    .map((each, place) => element('h2', {}, breakable(modelTitle(each))) + model(each, `whole-${place + 1}`))
    .join('');
}

function model(found: ModelGain, id: string): string {
  const { missing } = found;
  const left =
    missing.length === 0
      ? ''
      : paragraph(`Not tuned, or of unknown gain, and in neither sum: ${missing.join(', ')}.`, 'warning');
  const columns = MODEL_TITLES.map((title, place) => ({ title, isNumber: place > 0 }));
  const cells = modelCells(found).map(([kernel, ...figures]) => [
    breakable(kernel),
    ...figures.map(escapeText),
  ]);
  return (
    paragraph(modelSentence(found)) +
    left +
    figure(wholeFigure(id, found)) +
    table('By kernel', columns, cells)
  );
}

function scaling(story: Story): string {
  if (story.scalings.length === 0) return '';
  const figures = scalingFigures(story);
  const blocks = story.scalings.map((document, place) => {
    const { from } = document;
    const times = from === null ? '' : ` (${targetKinds[from].label})`;
    return element(
      'div',
      {},
      element('h4', {}, breakable(`${scalingTitle(document, story.scalings)}${times}`)),
      figure(figures[place]),
    );
  });
  return element('h2', {}, 'Gain against size') + element('div', { class: 'pair' }, ...blocks);
}

function studies(story: Story): string {
  if (story.isSummary) return '';
  const said = new Set(sharedWarnings(story).map(({ warning }) => warning));
  const isMany = story.studies.length > MOST_OPEN;
  return [
    element('h2', {}, 'Study by study'),
    paragraph(isMany ? CLOSED_WORDS : '', 'soft'),
    ...story.studies.map((each) => (isMany ? closedStudy : studySection)(each, story.studies, said)),
  ].join('');
}

const CLOSED_WORDS =
  'A study opens when it is chosen, here or in the table above; printed are those that are open. `report --study` writes some of them only.';

function reading(): string {
  const terms = READING.flatMap(([term, meaning]) => [
    element('dt', {}, term),
    element('dd', {}, prose(meaning)),
  ]);
  return element('h2', {}, 'How to read this') + element('dl', {}, ...terms);
}
