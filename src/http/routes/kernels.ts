import { z } from 'zod';
import { newKernelName } from '../../ask/kernel-reference.ts';
import { defineRoute, type Route } from '../route.ts';
import { noBody, nothing } from '../schemas.ts';

const calls = z.int().nonnegative().nullable().describe('How often a model calls it, where known.');
const MOST_AT_ONCE = 1000;

const listImports = defineRoute({
  method: 'GET',
  path: '/v1/kernels',
  summary: 'The kernels that were imported',
  params: nothing,
  query: nothing,
  body: noBody,
  answer: z.array(
    z.strictObject({
      name: z.string(),
      hash: z.string(),
      shape: z.string(),
      dtype: z.string(),
      source: z.string(),
      calls,
    }),
  ),
  async act(_, { daemon }) {
    const imports = await daemon.store.importedKernels();
    return imports.map(({ kernel: { name, hash, shape, dtype, source }, calls }) => ({
      name,
      hash,
      shape,
      dtype,
      source,
      calls,
    }));
  },
});

const importKernels = defineRoute({
  method: 'POST',
  path: '/v1/kernels',
  summary: 'Import kernels by their IR; the same name again replaces an import',
  params: nothing,
  query: nothing,
  body: z.strictObject({
    kernels: z
      .array(
        z.strictObject({
          name: newKernelName.max(1000),
          ir: z.string().describe('The JSON text of its IR, as `serializeKernel` of the package makes it.'),
          source: z.string().describe('Where it comes from: stored and shown, never opened.'),
          calls: calls.default(null),
          ttir: z
            .string()
            .nullable()
            .default(null)
            .describe('Its Triton IR, from which other shapes are made.'),
        }),
      )
      .min(1)
      .max(MOST_AT_ONCE),
  }),
  status: 201,
  answer: z.array(
    z.strictObject({
      name: z.string(),
      hash: z.string(),
      listedAs: z.string().describe('The name under which the same IR came here first: that of its studies.'),
      earlier: z
        .strictObject({ hash: z.string(), shape: z.string(), dtype: z.string() })
        .nullable()
        .describe('The kernel that the name meant until now, where that was another one.'),
    }),
  ),
  async act({ body }, { daemon, questions }) {
    const given = body.kernels.map(({ name, ir, source }) => ({ name, ir, source }));
    const kernels = await questions.kernelRecords(given);
    const answers = [];
    for (const [place, { calls, ttir }] of body.kernels.entries()) {
      const { name, hash } = kernels[place];
      const meant = (await daemon.store.importedKernel(name))?.kernel;
      await daemon.store.importKernel({ kernel: kernels[place], calls, ttir });
      const listedAs = (await daemon.store.kernel(hash))?.name ?? name;
      const isOther = meant !== undefined && meant.hash !== hash;
      const earlier = isOther ? { hash: meant.hash, shape: meant.shape, dtype: meant.dtype } : null;
      answers.push({ name, hash, listedAs, earlier });
    }
    return answers;
  },
});

export const kernelRoutes: readonly Route[] = Object.freeze([listImports, importKernels]);
