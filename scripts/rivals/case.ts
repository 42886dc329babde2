/** A kernel of a benchmark, with its shape. */
export type Case = Readonly<{ kernel: string; shape: readonly number[] }>;

/** The shape of a case as text: "96x1024". */
export function shapeName({ shape }: Pick<Case, 'shape'>): string {
  return shape.join('x');
}
