import { expect, it } from 'vitest';
import { plotRoofline } from './roofline.ts';

it('keeps the names of sloped roofs off the figures of the axis', () => {
  const drawn = (intensity: number) =>
    plotRoofline('r', {
      intensity,
      roofs: [
        { name: 'memory, DMA', kind: 'bandwidth', gigabytes: 20 },
        { name: 'vector units', kind: 'compute', gops: 21 },
      ],
      points: [{ rung: 'scalar', timeUs: 9, intensity, gops: 4 }],
    });
  const anchorOf = (body = '') =>
    /x="([\d.]+)"[^>]*text-anchor="(\w+)"[^>]*>memory, DMA</.exec(body)?.slice(1);
  for (const intensity of [0.1, 1, 40]) {
    const [x, anchor] = anchorOf(drawn(intensity)?.body) ?? [];
    const left = anchor === 'end' ? Number(x) - 'memory, DMA'.length * 6.9 : Number(x);
    expect(left).toBeGreaterThanOrEqual(56);
  }
  expect(drawn(1)?.body).toMatch(/class="strong halo">scalar/);
});

it('lets no name stand on a roof, on either page', () => {
  for (const gops of [0.7, 1, 1.3, 1.8, 2.5]) {
    const found = plotRoofline('r', {
      intensity: 0.6,
      roofs: [
        { name: 'memory', kind: 'bandwidth', gigabytes: 40 },
        { name: 'DMA', kind: 'bandwidth', gigabytes: 10 },
        { name: 'vector units', kind: 'compute', gops: 8 },
        { name: 'scalar units', kind: 'compute', gops: 1 },
      ],
      points: [
        { rung: 'scalar', timeUs: 9, intensity: 0.6, gops: 0.05 },
        { rung: 'vec', timeUs: 8, intensity: 0.6, gops },
        { rung: 'vec+mt', timeUs: 7, intensity: 0.6, gops: gops * 1.4 },
      ],
    });
    for (const body of [found?.body, found?.narrow?.body]) expect(crossed(body ?? '')).toEqual([]);
  }
});

/** The names of rungs that a level roof goes through. */
function crossed(body: string): readonly string[] {
  const level = [...body.matchAll(/<line x1="([\d.]+)" x2="([\d.]+)" y1="([\d.]+)" y2="\3" class="roof"/g)];
  return [...body.matchAll(/ y="([\d.]+)"[^>]*class="strong halo">([^<]*)</g)].flatMap(([, y, words]) =>
    level.some(([, , , at]) => Number(at) > Number(y) - 10 && Number(at) < Number(y) + 3) ? words : [],
  );
}
