import type { Span, Timeline, Track } from '../../answers/timeline.ts';
import { escapeText } from '../../languages/markup.ts';
import { buffersOf, spanName } from './spans.ts';

const WIDTH = 1200;
const LEFT = 110;
const RIGHT = 20;
const TOP = 64;
const ROW = 34;
const BAR = 24;
const TICKS = 8;
/** A span narrower than this has no room for its tile's number. */
const LABELLED = 16;

type Colours = Readonly<Record<Span['what'], readonly [ping: string, pong: string]>>;

/** Ping and pong differ in lightness, kinds in hue, so that ping and pong differ without colours, too. */
const COLOURS: Colours = Object.freeze({
  'fork-join': ['#6b7280', '#6b7280'],
  compute: ['#15803d', '#4ade80'],
  'copy-in': ['#1d4ed8', '#60a5fa'],
  load: ['#1d4ed8', '#60a5fa'],
  'copy-out': ['#b45309', '#fbbf24'],
  store: ['#b45309', '#fbbf24'],
  wait: ['#e5e7eb', '#e5e7eb'],
});

/** A timeline as a picture: a row for each track, tiles numbered, ping dark and pong light. */
export function timelineSvg(timeline: Timeline): string {
  const { title, tracks, tiles } = timeline;
  const end = Math.max(...tracks.flatMap(({ spans }) => spans.map((span) => span.end)), Number.MIN_VALUE);
  const scale = (WIDTH - LEFT - RIGHT) / end;
  const height = TOP + tracks.length * ROW + 40;
  const part = tiles.shown < tiles.whole ? ` (the first ${tiles.shown} of ${tiles.whole} tiles)` : '';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${escapeText(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff" class="ground"/>`,
    `<text x="${LEFT}" y="24" font-size="15" font-weight="600">${escapeText(title + part)}</text>`,
    legend(buffersOf(timeline) > 1),
    ...tracks.map((track, row) => drawTrack(track, TOP + row * ROW, scale, buffersOf(timeline))),
    axis(end, scale, TOP + tracks.length * ROW + 6),
    '</svg>\n',
  ].join('\n');
}

function drawTrack({ name, spans }: Track, y: number, scale: number, buffers: number): string {
  const label = `<text x="${LEFT - 8}" y="${y + BAR - 7}" text-anchor="end">${escapeText(name)}</text>`;
  return [label, ...spans.map((span) => drawSpan(span, y, scale, buffers))].join('\n');
}

function drawSpan(span: Span, y: number, scale: number, buffers: number): string {
  const { what, start, end, tile, buffer = 0 } = span;
  const x = LEFT + start * scale;
  const wide = Math.max(0.5, (end - start) * scale);
  const fill = COLOURS[what][buffer % 2];
  const hint = `<title>${escapeText(`${spanName(span, buffers)}: ${start.toFixed(2)} to ${end.toFixed(2)} µs`)}</title>`;
  const box = `<rect x="${x.toFixed(2)}" y="${y}" width="${wide.toFixed(2)}" height="${BAR}" fill="${fill}" stroke="#ffffff" stroke-width="0.5" class="${what}">${hint}</rect>`;
  if (tile === undefined || what === 'wait' || wide < LABELLED) return box;
  const ink = buffer % 2 === 0 ? '#ffffff' : '#111827';
  const middle = (x + wide / 2).toFixed(2);
  return `${box}<text x="${middle}" y="${y + BAR - 8}" text-anchor="middle" fill="${ink}" pointer-events="none">${tile}</text>`;
}

function legend(hasPong: boolean): string {
  const entries: readonly (readonly [string, string])[] = [
    ['compute', COLOURS.compute[0]],
    ['load', COLOURS.load[0]],
    ['store', COLOURS.store[0]],
    ['wait', COLOURS.wait[0]],
    ['fork-join', COLOURS['fork-join'][0]],
    ...(hasPong ? [['pong is light', COLOURS.compute[1]] as const] : []),
  ];
  return entries
    .map(([name, fill], place) => {
      const x = LEFT + place * 110;
      return `<rect x="${x}" y="38" width="12" height="12" fill="${fill}" class="${name}"/><text x="${x + 17}" y="48">${name}</text>`;
    })
    .join('\n');
}

function axis(end: number, scale: number, y: number): string {
  const step = niceStep(end / TICKS);
  const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, place) => place * step);
  return ticks
    .map((tick) => {
      const x = (LEFT + tick * scale).toFixed(2);
      return `<line x1="${x}" y1="${TOP}" x2="${x}" y2="${y}" stroke="#9ca3af" stroke-width="0.3"/><text x="${x}" y="${y + 16}" text-anchor="middle">${Number(tick.toPrecision(6))} µs</text>`;
    })
    .join('\n');
}

/** The least 1, 2 or 5 times a power of ten that is not below `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5, 10].find((digit) => digit * power >= least) ?? 10);
}
