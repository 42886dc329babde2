import { z } from 'zod';

const SUFFIX = '-beyond';

const compilerTarget = z.looseObject({
  name: z.string(),
  description: z.string(),
  compiler: z.looseObject({ name: z.string(), beyond: z.record(z.string(), z.json()).exactOptional() }),
});

/** The name of the target with more than the compiler of this one can express. */
export function beyondName(name: string): string {
  return `${name}${SUFFIX}`;
}

/** The target whose compiler's limits a name goes beyond; undefined for other names. */
export function withinName(name: string): string | undefined {
  return name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : undefined;
}

/** A target file's content, with what its compiler cannot express; undefined where it says nothing of that. */
export function beyondCompiler(json: unknown): z.core.util.JSONType | undefined {
  const parsed = compilerTarget.safeParse(json);
  if (!parsed.success || parsed.data.compiler.beyond === undefined) return undefined;
  const { name, description, compiler, ...machine } = parsed.data;
  const { beyond, ...within } = compiler;
  return z.json().parse({
    ...machine,
    name: beyondName(name),
    description: `${description}, with more than that compiler can express`,
    compiler: { ...within, ...beyond, name: `more than ${compiler.name} can express` },
  });
}
