import { describe, expect, it } from 'vitest';
import type { Exporter, TunedTarget } from './_base.ts';

/** What every exporter promises, shown on the targets that `tuned` gives (the same ones at each call). */
export function exporterConformance(exporter: Exporter, tuned: () => Promise<readonly TunedTarget[]>): void {
  describe(`exporter ${exporter.name}`, () => {
    const all = async () => Promise.all((await tuned()).map((each) => exporter.export(each)));

    it('gives the same bytes for the same results', async () => {
      expect(await all()).toEqual(await all());
    });
    it('writes files that end in a line feed and have no carriage returns', async () => {
      for (const { text } of (await all()).flatMap(({ files }) => files)) {
        expect(text.endsWith('\n')).toBe(true);
        expect(text).not.toContain('\r');
      }
    });
    it('names files plainly, and those of several targets differently', async () => {
      const names = (await all()).flatMap(({ files }) => files.map(({ name }) => name));
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_.-]+$/);
    });
    it('holds no time stamp', async () => {
      for (const { text } of (await all()).flatMap(({ files }) => files)) {
        expect(text).not.toMatch(/\d{4}-\d{2}-\d{2}[T ]\d{2}:/);
        expect(text).not.toContain('1700000000000');
      }
    });
    it('keeps names from elsewhere within their line', async () => {
      const [first] = await tuned();
      const [kernel] = first.kernels;
      const evil = 'k\n*/ #include </etc/passwd>\n"; $(touch x)';
      const renamed = {
        ...kernel,
        name: evil,
        shapes: kernel.shapes.map((shape) => ({
          ...shape,
          kernel: { ...shape.kernel, name: evil },
          best: { ...shape.best, kernel: { ...shape.best.kernel, name: evil } },
        })),
      };
      const target = { ...first.target, name: `../../${evil}` };
      const { files } = await exporter.export({ target, kernels: [renamed] });
      for (const { name, text } of files) {
        expect(name).toMatch(/^[A-Za-z0-9_.-]+$/);
        expect(text).not.toMatch(/^\s*(\*\/ )?#include/m);
        expect(text).not.toMatch(/^[^#'"]*\$\(touch/m);
      }
    });
  });
}
