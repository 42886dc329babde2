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
