import { InputError, knownHint } from '../../../../search-space/input-error.ts';
import { type TargetReference, targetWord } from '../../reference.ts';

/** The processors that clang 19 makes code for, by target; it knows none after V73, whose code later ones run, too. */
const PROCESSORS: Readonly<Record<string, string>> = Object.freeze({
  'hexagon-mlir': 'hexagonv73',
  'hexagon-v73': 'hexagonv73',
  'hexagon-v75': 'hexagonv73',
  'hexagon-v79': 'hexagonv73',
  'snapdragon-8gen1': 'hexagonv69',
});

const SUFFIX = '-compiled';

/** The simulated targets whose computation can be compiled. */
export const COMPILABLE: readonly string[] = Object.freeze(Object.keys(PROCESSORS));

/** The name of a simulated target with compiled computation. */
export function compiledName(name: string): string {
  return `${name}${SUFFIX}`;
}

/** The simulated target of such a name; undefined for other names. */
export function simulatedName(name: string): string | undefined {
  const simulated = name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : undefined;
  return simulated !== undefined && COMPILABLE.includes(simulated) ? simulated : undefined;
}

/** As clang calls it. */
export function hexagonProcessorOf(name: string): string {
  const found = PROCESSORS[name];
  if (found === undefined)
    throw new InputError('target', `no compiler is known for '${name}'`, knownHint(name, COMPILABLE));
  return found;
}

/** Whether its vector unit computes on IEEE floats as well as on its own. */
export function hasIeeeFloats(processor: string): boolean {
  return processor >= 'hexagonv73';
}

/** A reference to the target with compiled computation. Throws InputError for a target that clang does not compile for. */
export function compiledReference(reference: TargetReference): TargetReference {
  const word = targetWord(reference);
  if (reference.kind === 'named' && COMPILABLE.includes(word))
    return { kind: 'named', name: compiledName(word) };
  if (reference.kind === 'named' && simulatedName(word) !== undefined)
    throw new InputError('--compiled', `${word} is compiled already`, 'leave --compiled out');
  throw new InputError(
    '--compiled',
    `no code can be compiled for ${word}`,
    `it is for ${COMPILABLE.join(', ')}`,
  );
}
