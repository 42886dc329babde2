import { isKnown } from '../../../tuner/attribution/gain.ts';
import type { Span, Timeline, Track } from '../../answers/timeline.ts';
import type { TwoCalls } from '../../answers/two-calls.ts';
import { escapeText } from '../../languages/markup.ts';
import { middleCut } from '../../text/middle-cut.ts';
import { formatCount } from '../../text/number-text.ts';
import { formatTimeUs, type TimeUnit, timeUnitFor } from '../../text/time-text.ts';
import { tickText } from '../svg/scale.ts';
import { countOf } from '../words/numbers.ts';
import { type Link, linksOf } from './links.ts';
import { buffersOf, busyPercent, busyWords, spanName } from './spans.ts';

const WIDTH = 1200;
const LEFT = 232;
const RIGHT = 20;
/** The legend stands above everything, then the first title. */
const LEGEND = 34;
const TITLE = 30;
const TITLE_LINE = 20;
const ROW = 34;
const BAR = 24;
/** A row of the overview. */
const OVERVIEW_ROW = 26;
const TICKS = 8;
/** Between two calls, for the bands that tie their tiles; then both titles stand above the first. */
const BANDS = 40;
/** Of a digit of a tile's number, and what is left free beside the number. */
const DIGIT = 7;
const SPACE = 4;
/** Of a call’s name before a row, and of the words above the rows: what has no room there is in the picture’s title in full. */
const MOST_OF_NAME = 9;
const MOST_OF_TITLE = 118;
/** A longer title begins at the left margin of the picture. */
const LONG_TITLE = 96;
const MARGIN = 16;

type Colours = Readonly<Record<Span['what'], readonly [ping: string, pong: string, third: string]>>;

/** Buffers differ in lightness, kinds in hue, so that buffers differ without colours, too. */
const COLOURS: Colours = Object.freeze({
  'fork-join': ['#6b7280', '#6b7280', '#6b7280'],
  compute: ['#15803d', '#4ade80', '#bbf7d0'],
  'copy-in': ['#1d4ed8', '#60a5fa', '#bfdbfe'],
  load: ['#1d4ed8', '#60a5fa', '#bfdbfe'],
  'copy-out': ['#b45309', '#fbbf24', '#fde68a'],
  store: ['#b45309', '#fbbf24', '#fde68a'],
  wait: ['#e5e7eb', '#e5e7eb', '#e5e7eb'],
  multiply: ['#be185d', '#f472b6', '#fbcfe8'],
  allocate: ['#9ca3af', '#9ca3af', '#9ca3af'],
  transfer: ['#0e7490', '#0e7490', '#0e7490'],
  untold: ['#c4b5fd', '#c4b5fd', '#c4b5fd'],
});

/**
 * The legend has these where a call has them: work of a matrix unit and its arrays, and what only logs of devices have: a
 * transfer whose direction is not told, and what is not told at all.
 */
const NOT_IN_ALL = Object.freeze(['multiply', 'allocate', 'transfer', 'untold'] as const);
/** What is done on buffers: the legend has a shade for each. */
const BUFFERED = Object.freeze(['compute', 'load', 'store'] as const);
const LEGEND_ENTRY = 110;

/** A timeline as a picture: a row for each track with its tiles numbered, then how busy each is in the whole call. */
export function timelineSvg(timeline: Timeline): string {
  return timelinesSvg([{ name: '', timeline }]);
}

/** Two calls on one axis of time, the first above. */
export function twoCallsSvg(
  first: string,
  second: string,
  { timelines: [a, b] }: Pick<TwoCalls, 'timelines'>,
): string {
  return timelinesSvg([
    { name: first, timeline: a },
    { name: second, timeline: b },
  ]);
}

/** Timelines below each other, on one axis of time; the tiles are marked with the part of the call's work that they are. */
function timelinesSvg(shown: readonly Readonly<{ name: string; timeline: Timeline }>[]): string {
  const timelines = shown.map(({ timeline }) => timeline);
  const shownUs = Math.max(...timelines.map((each) => each.shownUs));
  const timeUs = Math.max(...timelines.map((each) => each.timeUs));
  const scale = (WIDTH - LEFT - RIGHT) / Math.max(shownUs, Number.MIN_VALUE);
  const unit = pictureUnit(timelines, shownUs);
  const buffers = Math.max(...timelines.map(buffersOf));
  const spans = timelines.flatMap(({ tracks }) => tracks.flatMap((track) => track.spans));
  const others = NOT_IN_ALL.filter((word) => spans.some(({ what }) => what === word));
  const parts = [legend(buffers, others)];
  const links = timelines.length < 2 ? [] : linksOf(timelines[0], timelines[1]);
  const isTied = links.length > 0;
  let y = LEGEND + (isTied ? (timelines.length - 1) * TITLE_LINE : 0);
  const top = y + TITLE;
  for (const [place, { name, timeline }] of shown.entries()) {
    const isBelow = isTied && place > 0;
    const side = isTied ? `${isBelow ? 'below' : 'above'}: ` : '';
    const words = `${side}${middleCut(titleOf(name, timeline, unit), MOST_OF_TITLE - side.length)}`;
    const rowsAt = y + (isBelow ? BANDS : TITLE);
    if (isBelow) parts.push(bands(links, [y - 6 - (ROW - BAR), rowsAt], scale));
    parts.push(title(words, isTied ? LEGEND + TITLE / 2 + 1 + place * TITLE_LINE : rowsAt - TITLE / 2 + 1));
    parts.push(...rowsOf(timeline, rowsAt, { scale, buffers, unit }));
    y = rowsAt + timeline.tracks.length * ROW + 6;
  }
  parts.push(axis(shownUs, scale, top, y, unit));
  y += 56;
  const overviewAt = y;
  const isCut = timelines.some((each) => each.shownUs < each.timeUs);
  parts.push(
    `<text x="${LEFT}" y="${y - 10}" font-weight="600">How busy in the whole call${isCut ? '; the frame is what is shown above' : ''}</text>`,
  );
  for (const { name, timeline } of shown) {
    parts.push(
      ...timeline.tracks.map((track, row) =>
        drawBusy(track, y + row * OVERVIEW_ROW, name, timeline.timeUs / timeUs),
      ),
    );
    parts.push(frame(timeline, y, timeUs));
    y += timeline.tracks.length * OVERVIEW_ROW + (shown.length > 1 ? 8 : 0);
  }
  parts.push(axis(timeUs, (WIDTH - LEFT - RIGHT) / timeUs, overviewAt, y + 2, unit));
  const height = y + 40;
  const spoken = shown
    .map((each) => `${titleOf(each.name, each.timeline, unit)}. ${busyWords(each.timeline)}`)
    .join(' ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${escapeText(spoken)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff" class="ground"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

function titleOf(name: string, { title: what, timeUs, tiles }: Timeline, unit: TimeUnit): string {
  const part =
    isKnown(tiles) && tiles.shown < tiles.whole
      ? ` (the first ${formatCount(tiles.shown)} of ${countOf(tiles.whole, 'tile')})`
      : '';
  return `${name === '' ? '' : `${name}: `}${what}: ${formatTimeUs(timeUs, unit)}${part}`;
}

/** Bands from the rows of the first call to those of the second, every other one darker. */
function bands(links: readonly Link[], [top, bottom]: readonly [number, number], scale: number): string {
  const at = (us: number): string => (LEFT + us * scale).toFixed(2);
  const shapes = links.map(({ above, below }, place) => {
    const [a, b, c, d] = [above[0], above[1], below[1], below[0]].map(at);
    const points = `${a},${top} ${b},${top} ${c},${bottom} ${d},${bottom}`;
    return `<polygon points="${points}" fill-opacity="${place % 2 === 0 ? 0.3 : 0.15}"/>`;
  });
  return `<g class="links" fill="${COLOURS.compute[0]}">${shapes.join('')}</g>`;
}

function title(words: string, y: number): string {
  const x = words.length > LONG_TITLE ? MARGIN : LEFT;
  return `<text x="${x}" y="${y}" font-size="15" font-weight="600">${escapeText(words)}</text>`;
}

/** What all tracks have in common: pixels for a microsecond, buffers, and the unit of times. */
type Look = Readonly<{ scale: number; buffers: number; unit: TimeUnit }>;

function rowsOf({ tracks, tiles }: Timeline, y: number, look: Look): readonly string[] {
  return [
    `<g class="call"${isKnown(tiles) ? ` data-tiles="${tiles.whole}"` : ''}>`,
    ...tracks.map((track, row) => drawTrack(track, y + row * ROW, look)),
    '</g>',
  ];
}

/** Computing is green and moving data blue, as above; the height of a bar is the share of its part of the call. */
function drawBusy(
  { name, kind, busy, busyParts, computingParts }: Track,
  y: number,
  call: string,
  share: number,
): string {
  const room = OVERVIEW_ROW - 6;
  const wide = ((WIDTH - LEFT - RIGHT) * share) / busyParts.length;
  const bar = (part: number, from: number, to: number, fill: string): string => {
    const [low, high] = [from, to].map((share) => Math.min(1, share) * room);
    if (high - low < 0.05) return '';
    return `<rect x="${(LEFT + part * wide).toFixed(2)}" y="${(y + room - high).toFixed(2)}" width="${wide.toFixed(2)}" height="${(high - low).toFixed(2)}" fill="${fill}"/>`;
  };
  const bars = [...busyParts].map((busyShare, part) => {
    const computing = computingParts[part];
    return (
      bar(part, 0, computing, COLOURS[kind === 'unit' ? 'multiply' : 'compute'][0]) +
      bar(part, computing, busyShare, COLOURS.load[0])
    );
  });
  const label = `<text x="${LEFT - 8}" y="${y + room - 4}" text-anchor="end">${escapeText(`${call === '' ? '' : `${middleCut(call, MOST_OF_NAME)}, `}${name}  ${busyPercent(busy)}`)}</text>`;
  return label + bars.join('');
}

/** What of the whole call is shown. */
function frame({ timeUs, shownUs, tracks }: Timeline, y: number, axisUs: number): string {
  if (shownUs >= timeUs) return '';
  const wide = Math.max(1, ((WIDTH - LEFT - RIGHT) * shownUs) / axisUs);
  return `<rect x="${LEFT}" y="${y - 2}" width="${wide.toFixed(2)}" height="${tracks.length * OVERVIEW_ROW}" fill="none" stroke="#dc2626"/>`;
}

function shadeOf(buffer: number): 0 | 1 | 2 {
  return buffer === 0 ? 0 : buffer === 1 ? 1 : 2;
}

function drawTrack({ name, spans }: Track, y: number, look: Look): string {
  const label = `<text x="${LEFT - 8}" y="${y + BAR - 7}" text-anchor="end">${escapeText(name)}</text>`;
  return [label, ...spans.map((span) => drawSpan(span, y, look))].join('\n');
}

function drawSpan(span: Span, y: number, { scale, buffers, unit }: Look): string {
  const { what, start, end, tile, buffer = 0 } = span;
  const x = LEFT + start * scale;
  const wide = Math.max(0.5, (end - start) * scale);
  const fill = COLOURS[what][shadeOf(buffer)];
  const hint = `<title>${escapeText(`${spanName(span, buffers)}: ${momentText(start, unit)} to ${momentText(end, unit)} ${unit.name}`)}</title>`;
  const box = `<rect x="${x.toFixed(2)}" y="${y}" width="${wide.toFixed(2)}" height="${BAR}" fill="${fill}" stroke="#ffffff" stroke-width="0.5" class="${what}"${tile === undefined ? '' : ` data-tile="${tile}"`}>${hint}</rect>`;
  if (tile === undefined || what === 'wait' || wide < String(tile).length * DIGIT + SPACE) return box;
  const ink = shadeOf(buffer) === 0 ? '#ffffff' : '#111827';
  const middle = (x + wide / 2).toFixed(2);
  return `${box}<text x="${middle}" y="${y + BAR - 8}" text-anchor="middle" fill="${ink}" pointer-events="none">${tile}</text>`;
}

function legend(buffers: number, others: readonly (typeof NOT_IN_ALL)[number][]): string {
  const entries: readonly (readonly [string, string])[] = [
    ...BUFFERED.map((word) => [word, COLOURS[word][0]] as const),
    ['wait', COLOURS.wait[0]],
    ['fork-join', COLOURS['fork-join'][0]],
    ...others.map((word) => [word, COLOURS[word][0]] as const),
    ...(buffers > 1 ? [['pong is light', COLOURS.compute[1]] as const] : []),
    ...(buffers > 2 ? [['a third is pale', COLOURS.compute[2]] as const] : []),
  ];
  const each = Math.min(LEGEND_ENTRY, (WIDTH - LEFT) / entries.length);
  return entries
    .map(([name, fill], place) => {
      const x = LEFT + place * each;
      const shades = BUFFERED.filter((word) => word === name).flatMap((word) =>
        COLOURS[word].slice(1, buffers),
      );
      const others = shades.map((shade, place) => {
        const left = (12 * (place + 1)) / (shades.length + 1);
        return `<rect x="${x + left}" y="10" width="${12 - left}" height="12" fill="${shade}"/>`;
      });
      return `<rect x="${x}" y="10" width="12" height="12" fill="${fill}" class="${name}"/>${others.join('')}<text x="${x + 17}" y="20">${name}</text>`;
    })
    .join('\n');
}

function axis(end: number, scale: number, from: number, y: number, unit: TimeUnit): string {
  const step = niceStep(end / TICKS);
  const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, place) => place * step);
  return ticks
    .map((tick) => {
      const x = (LEFT + tick * scale).toFixed(2);
      const words = `${tickText(Number((tick / unit.us).toPrecision(6)))} ${unit.name}`;
      return `<line x1="${x}" y1="${from}" x2="${x}" y2="${y}" stroke="#9ca3af" stroke-width="0.3"/><text x="${x}" y="${y + 16}" text-anchor="middle">${words}</text>`;
    })
    .join('\n');
}

/** One unit for all times of a picture: of its calls, and of the first tick of what is shown, which is round. */
function pictureUnit(timelines: readonly Timeline[], shownUs: number): TimeUnit {
  return timeUnitFor([...timelines.map(({ timeUs }) => timeUs), 10 * niceStep(shownUs / TICKS)]);
}

/** When something begins or ends, to a hundredth of a microsecond. */
function momentText(timeUs: number, { us }: TimeUnit): string {
  const digits = 2 + Math.log10(us);
  return (timeUs / us).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: digits });
}

/** The least 1, 2 or 5 times a power of ten that is not below `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5, 10].find((digit) => digit * power >= least) ?? 10);
}
