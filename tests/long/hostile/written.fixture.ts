import { expect } from 'vitest';
import { InputError } from '../../../search-space/input-error.ts';
import type { Configuration, Value } from '../../../search-space/parameter.ts';
import {
  configurationOf,
  type ExportedFile,
  type Exporter,
  type TunedKernel,
  type TunedTarget,
} from '../../../src/exporters/_base.ts';
import { hostileTargets } from '../../../src/exporters/hostile.fixture.ts';
import { defaultMacro, parameterMacro, shapeMacro } from '../../../src/exporters/names.ts';
import { decimal } from '../../../src/languages/decimal.ts';
import type { Workshop } from '../../../src/languages/tools.fixture.ts';

/** The files that an exporter wrote for a hostile target, in the folder `<format>/<place>`. */
export type Written = Readonly<{ tuned: TunedTarget; files: readonly ExportedFile[]; place: number }>;

/** Exports hostile targets, except those that the format refuses with an InputError. */
export async function write(
  workshop: Workshop,
  exporter: Exporter,
  count: number,
): Promise<readonly Written[]> {
  const done: Written[] = [];
  for (const [place, tuned] of hostileTargets(count).entries()) {
    try {
      const { files } = await exporter.export(tuned);
      for (const { name, text } of files) workshop.put(`${exporter.name}/${place}/${name}`, text);
      done.push({ tuned, files, place });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }
  expect(done.length).toBeGreaterThan(count / 3);
  return done;
}

/** Every variable or macro of a target's file, in order. */
export function variables(
  tuned: TunedTarget,
): readonly Readonly<{ name: string; parameter: string; value: Value }>[] {
  return tuned.kernels.flatMap(configured).flatMap(([prefix, configuration]) =>
    Object.entries(configuration).map(([parameter, value]) => ({
      name: `${prefix}_${parameterMacro(parameter)}`,
      parameter,
      value,
    })),
  );
}

function configured(kernel: TunedKernel): readonly (readonly [prefix: string, Configuration])[] {
  const listed = kernel.shapes.map(
    ({ kernel: { shape }, best }) => [shapeMacro(kernel, shape), best.configuration] as const,
  );
  return [...listed, [defaultMacro(kernel), configurationOf(kernel.fallback)]];
}

/** A value in a language without types. */
export function bareText(value: Value): string {
  return typeof value === 'number' ? decimal(value) : String(value);
}
