import { defineSpace } from '../../search-space/define-space.ts';
import { InputError } from '../../search-space/input-error.ts';
import type { Configuration, Parameter, Value } from '../../search-space/parameter.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { kindOf } from '../../search-space/space-definition.ts';

const MOST_VALUES = 100_000;
const MOST_FORMS = 1_000;

/** Values by parameter, of all configurations that name the same parameters. */
type Form = { count: number; readonly values: ReadonlyMap<string, Set<Value>> };

/**
 * The space of a file that lists configurations only: each parameter can be what it was somewhere, nothing
 * is forbidden. Where configurations name different parameters, the most frequent names count.
 */
export class ObservedSpace {
  readonly #forms = new Map<string, Form>();
  readonly #field: string;

  constructor(field: string) {
    this.#field = field;
  }

  get isEmpty(): boolean {
    return this.#forms.size === 0;
  }

  /** Throws InputError for more values than a space can list. */
  add(configuration: Configuration): void {
    const { values } = this.#formOf(configuration);
    for (const [name, seen] of values) {
      seen.add(configuration[name]);
      if (seen.size > MOST_VALUES)
        throw new InputError(
          this.#field,
          `'${name}' has more than ${MOST_VALUES.toLocaleString('en-US')} values`,
        );
    }
  }

  /** Throws InputError where nothing was added, or what was is no space. */
  space(): SearchSpace {
    const forms = [...this.#forms.values()];
    const [first] = forms;
    if (first === undefined) throw new InputError(this.#field, 'has no configuration');
    const usual = forms.reduce((most, form) => (form.count > most.count ? form : most), first);
    return defineSpace(
      [...usual.values].map(([name, seen]) => observedParameter(name, [...seen])),
      [],
    );
  }

  #formOf(configuration: Configuration): Form {
    const names = Object.keys(configuration);
    const key = names.join('\0');
    const known = this.#forms.get(key) ?? this.#forms.get([...names].sort().join('\0'));
    const form = known ?? { count: 0, values: new Map(names.map((name) => [name, new Set<Value>()])) };
    form.count += 1;
    if (known === undefined) this.#keep(names, form);
    return form;
  }

  /** Under its names in this order, and in alphabetical order for configurations that list them otherwise. */
  #keep(names: readonly string[], form: Form): void {
    if (this.#forms.size > MOST_FORMS)
      throw new InputError(this.#field, 'are of configurations that hardly ever have the same parameters');
    this.#forms.set(names.join('\0'), form);
    this.#forms.set([...names].sort().join('\0'), form);
  }
}

export function observedParameter(name: string, seen: readonly Value[]): Parameter {
  const values = [...new Set(seen)].sort(byValue);
  return { name, kind: kindOf(values), tag: 'schedule', values };
}

function byValue(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (a === b) return 0;
  return String(a) < String(b) ? -1 : 1;
}
