import { capitalPart, isProjectSpelling } from '../../../languages/names.ts';

/** What a build's words, constraints or C mean by these names. */
const TAKEN =
  /^(?:shape|dtype|seed|build|defaultBuild|configuration|and|or|not|in|for|if|else|is|lambda|min|max|abs)$/;

/**
 * The parameter of a macro: VECTOR_BYTES is vectorBytes, which an export spells VECTOR_BYTES again. A macro that is not
 * written like that is a parameter of the same name.
 */
export function parameterNameOf(macro: string): string {
  const [first, ...others] = macro.toLowerCase().split('_');
  const name = [first, ...others.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('');
  const isSame = isProjectSpelling(name, 'camelCase') && capitalPart(name, 'camelCase') === macro;
  return isSame && !TAKEN.test(name) ? name : macro;
}
