import { draw } from '../dom.js';
import { micros } from '../numbers.js';
import { toneOf } from './tones.js';

const WIDTH = 520;
const LEFT = 90;
const BOTTOM = 40;
const TOP = 8;

/** The best time for each pair of values of two parameters; what nobody tried is left empty. */
export function heatMap(across, down, trials, placeAcross, placeDown) {
  const best = new Map();
  for (const { timeUs, digits } of trials) {
    if (timeUs === null) continue;
    const key = `${digits[placeAcross]},${digits[placeDown]}`;
    if (!(best.get(key) <= timeUs)) best.set(key, timeUs);
  }
  const cellWidth = (WIDTH - LEFT) / across.values.length;
  const cellHeight = Math.min(34, Math.max(14, 240 / down.values.length));
  const height = TOP + cellHeight * down.values.length + BOTTOM;
  const tone = toneOf([...best.values()]);
  const cells = [...best].map(([key, timeUs]) => {
    const [column, row] = key.split(',').map(Number);
    const strength = 1 - tone(timeUs);
    return draw(
      'rect',
      {
        class: 'cell',
        x: LEFT + column * cellWidth + 1,
        y: TOP + row * cellHeight + 1,
        width: cellWidth - 2,
        height: cellHeight - 2,
        rx: 2,
        fill: 'var(--accent)',
        opacity: (0.08 + 0.92 * strength).toFixed(3),
      },
      draw(
        'title',
        {},
        `${across.name}=${across.values[column]} ${down.name}=${down.values[row]}: ${micros(timeUs)} µs`,
      ),
    );
  });
  const every = Math.ceil(across.values.length / 9);
  return draw(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${height}`,
      width: WIDTH,
      height,
      class: 'figure heat',
      role: 'img',
      'aria-label': `Best time by ${across.name} and ${down.name}, stronger is faster`,
    },
    cells,
    down.values.map((value, row) =>
      draw(
        'text',
        { x: LEFT - 8, y: TOP + (row + 0.5) * cellHeight + 4, 'text-anchor': 'end', class: 'tick' },
        String(value),
      ),
    ),
    across.values.map((value, column) =>
      column % every === 0
        ? draw(
            'text',
            {
              x: LEFT + (column + 0.5) * cellWidth,
              y: height - BOTTOM + 16,
              'text-anchor': 'middle',
              class: 'tick',
            },
            String(value),
          )
        : null,
    ),
    draw('text', { x: WIDTH, y: height - 4, 'text-anchor': 'end', class: 'strong' }, across.name),
    draw('text', { x: 0, y: height - 4, class: 'strong' }, `${down.name} ↑`),
  );
}
