import { decimals, time } from '../numbers.js';
import { planeChart } from './plane.js';

/** @import { WhyDocument } from '../../served/data.js' */
/** @import { Mark } from './plane-drawing.js' */

/** @typedef {Extract<WhyDocument['roofline'], { roofs: unknown }>} Roofline */

const TONES = ['--mt', '--db', '--vec', '--soft'];

/**
 * The machine's roofs, and the way of the ladder below them: a point a rung.
 * @param {Roofline} roofline
 */
export function rooflineChart({ roofs, points }) {
  const intensities = points.map(({ intensity }) => intensity);
  const low = Math.min(...intensities) / 4;
  const high = Math.max(...intensities) * 4;
  const top = Math.max(...roofs.map((roof) => (roof.kind === 'compute' ? roof.gops : 0)));
  /** @type {readonly Mark[]} */
  const lines = distinctRoofs(roofs).map(({ roof, text }, place) => {
    const isFlat = roof.kind === 'compute';
    const ends = isFlat
      ? [
          [low, roof.gops],
          [high, roof.gops],
        ]
      : [
          [low, low * roof.gigabytes],
          [Math.min(high, top / roof.gigabytes), Math.min(high * roof.gigabytes, top)],
        ];
    return {
      kind: 'line',
      name: text,
      tone: TONES[place % TONES.length],
      isDashed: !isFlat,
      points: ends.map(([x, y]) => ({ x, y, text })),
    };
  });
  const way = points.map(({ rung, intensity, gops, timeUs }) => ({
    x: intensity,
    y: gops,
    text: `${rung}: ${decimals(gops)} GOPS at ${decimals(intensity)} operations a byte, ${time(timeUs)}`,
  }));
  return planeChart({
    label: `Roofline: ${way.map(({ text }) => text).join('; ')}`,
    x: { title: 'operations for a byte (log)', kind: 'log', text: decimals },
    y: { title: 'GOPS (log), simulated', kind: 'log', text: decimals },
    marks: [
      ...lines,
      { kind: 'line', name: 'from scalar to winner', tone: '--ink', points: way },
      ...points.map(({ rung }, place) => ({
        kind: /** @type {const} */ ('spot'),
        name: rung,
        tone: '--accent',
        point: way[place],
      })),
    ],
  });
}

/**
 * Roofs with what they are called; those at the same rate are one line, which would else be drawn over the other.
 * @param {Roofline['roofs']} roofs
 */
function distinctRoofs(roofs) {
  /** @type {Map<string, { roof: Roofline['roofs'][number], names: string[] }>} */
  const found = new Map();
  for (const roof of roofs) {
    const rate = roof.kind === 'compute' ? `${decimals(roof.gops)} GOPS` : `${decimals(roof.gigabytes)} GB/s`;
    const known = found.get(rate) ?? { roof, names: [] };
    known.names.push(roof.name);
    found.set(rate, known);
  }
  return [...found].map(([rate, { roof, names }]) => ({ roof, text: `${names.join(' and ')}: ${rate}` }));
}
