import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../search-space/input-error.ts';
import type { ExportedFile, Exporter, TunedTarget } from './_base.ts';
import { hostileTarget } from './hostile.fixture.ts';

/** The contract of every exporter, tested on `tuned` targets (the same ones at each call). */
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
    it('gives files plain names that differ between targets', async () => {
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
    it('keeps names that users chose within their line', async () => {
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
      const studies = first.studies.map((study) => ({
        ...study,
        title: { ...study.title, name: evil },
        target,
      }));
      const { files } = await exporter.export({ target, kernels: [renamed], studies, leftOut: [evil] });
      for (const { name, text } of files) {
        expect(name).toMatch(/^[A-Za-z0-9_.-]+$/);
        expect(text).not.toMatch(/^\s*(\*\/ )?#include <\/etc/m);
        expect(text).not.toMatch(/^[^#'"]*\$\(touch/m);
      }
    });
    it('writes hostile names visibly, or refuses them with an InputError', async () => {
      await fc.assert(
        fc.asyncProperty(hostileTarget, async (hostile) => {
          const files = await filesOrRefusal(exporter, hostile);
          expect(await filesOrRefusal(exporter, hostile)).toEqual(files);
          expect(new Set(files.map(({ name }) => name.toLowerCase())).size).toBe(files.length);
          for (const { name, text } of files) {
            expect(name).toMatch(/^\w[\w.-]*$/);
            expect(name.length).toBeLessThanOrEqual(200);
            expect(text).toMatch(/\n$/);
            expect(text).not.toMatch(/(?![ \n])[\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u);
          }
        }),
        { numRuns: 100 },
      );
    });
    it('names a target’s files after the target alone', async () => {
      const [first] = await tuned();
      const alone = await exporter.export({
        ...first,
        kernels: first.kernels.slice(0, 1),
        studies: first.studies.slice(0, 1),
      });
      const names = (await exporter.export(first)).files.map(({ name }) => name);
      for (const { name } of alone.files) expect(names).toContain(name);
    });
  });
}

async function filesOrRefusal(exporter: Exporter, tuned: TunedTarget): Promise<readonly ExportedFile[]> {
  try {
    return (await exporter.export(tuned)).files;
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return [];
  }
}
