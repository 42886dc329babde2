/** What a wrapper defines before its `call`: compiled Triton kernels, and choices between several. */

/** An argument of a kernel, in the order of its launches; `type` as Triton spells it: `*fp32`, `i32`, `constexpr`. */
export type LaunchParameter = Readonly<{ name: string; type: string }>;

export type Launchable =
  | Readonly<{
      kind: 'kernel';
      /** Its function's name, which is that of its files; several definitions may share it. */
      name: string;
      /** Undefined where the source does not say them. */
      parameters: readonly LaunchParameter[] | undefined;
      source: string;
      /** How many words follow the arguments of a launch: its grid, or what that is computed from. */
      words: number;
      /** Whether these words are the grid. */
      wordsAreGrid: boolean;
    }>
  /** One of these runs, as measured; `slices` are the arguments of the launch that each gets. */
  | Readonly<{ kind: 'choice'; alternatives: readonly Alternative[] }>;

export type Alternative = Readonly<{ variable: string; slices: readonly Slice[] | undefined }>;
type Slice = readonly [start: number, end: number | undefined];

const KERNEL = /^[ \t]*(\w+)[ \t]*=[ \t]*async_compile\.triton\(\s*['"](\w+)['"]\s*,\s*('''|""")/gm;
const CHOICE =
  /^[ \t]*(\w+)[ \t]*=[ \t]*async_compile\.multi_kernel\(\s*['"]\w+['"]\s*,\s*[[{]([^\]}]{0,10000})[\]}]/gm;

/** The definitions of a wrapper by the names that its launches use. */
export function launchablesOf(wrapper: string): ReadonlyMap<string, Launchable> {
  const found = new Map<string, Launchable>();
  for (const { 0: head, 1: variable, 2: name, 3: quotes, index } of wrapper.matchAll(KERNEL)) {
    const start = index + head.length;
    const end = wrapper.indexOf(quotes, start);
    // All that follows belongs to a text that never ends.
    if (end < 0) break;
    found.set(variable, kernelOf(name, wrapper.slice(start, end)));
  }
  for (const { 1: variable, 2: members, index } of wrapper.matchAll(CHOICE)) {
    const before = wrapper.slice(Math.max(0, wrapper.lastIndexOf('arg_index', index)), index);
    const slices = /^arg_index\s*=\s*\{([^}]*)\}\s*$/.exec(before)?.[1];
    found.set(variable, choiceOf(members, slices, found));
  }
  return found;
}

function kernelOf(name: string, source: string): Launchable {
  const words = quotedIn(/'extra_launcher_args':\s*\[([^\]]*)\]/.exec(source)?.[1] ?? '');
  const wordsAreGrid = words.length === 3 && /'grid_type':\s*'FixedGrid'/.test(source);
  return {
    kind: 'kernel',
    name,
    source,
    parameters: parametersOf(source),
    words: words.length,
    wordsAreGrid,
  };
}

/** From the signature; an older one numbers the arguments instead of naming them. */
function parametersOf(source: string): readonly LaunchParameter[] | undefined {
  const signature = /'signature':\s*\{([^}]*)\}/.exec(source)?.[1];
  if (signature === undefined) return undefined;
  const pairs = [...signature.matchAll(/(?:'(\w+)'|(\d+)):\s*(?:'([^']*)'|"([^"]*)")/g)];
  const names = /^def \w+\(([^)]*)\)/m.exec(source)?.[1]?.split(',') ?? [];
  return pairs.map(([, name, place, single, double]) => ({
    name: name ?? names[Number(place)]?.split(':')[0].trim() ?? `argument ${place}`,
    type: single ?? double ?? '',
  }));
}

function quotedIn(list: string): readonly string[] {
  return [...list.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, single, double]) => single ?? double ?? '');
}

/** The members of a list, or of a dictionary by sizes, that are kernels defined before. */
function choiceOf(
  members: string,
  slices: string | undefined,
  known: ReadonlyMap<string, Launchable>,
): Launchable {
  const variables = [...members.matchAll(/[A-Za-z_]\w*/g)].map(([word]) => word);
  const alternatives = variables
    .filter((variable) => known.get(variable)?.kind === 'kernel')
    .map((variable, place) => ({ variable, slices: slicesOf(slices, place) }));
  return { kind: 'choice', alternatives };
}

/** `0: [slice(0, 3, None), slice(5, 6, None)],` */
function slicesOf(text: string | undefined, place: number): readonly Slice[] | undefined {
  const list = new RegExp(`\\b${place}:\\s*\\[([^\\]]*)\\]`).exec(text ?? '')?.[1];
  if (list === undefined) return undefined;
  return [...list.matchAll(/slice\((\w+), (\w+)/g)].map(([, start, end]) => [
    start === 'None' ? 0 : Number(start),
    end === 'None' ? undefined : Number(end),
  ]);
}

/** The names that different kernels have: users choose theirs freely, and each wrapper counts anew. */
export function sharedNames(wrappers: readonly string[]): ReadonlySet<string> {
  const sources = new Map<string, string>();
  const shared = new Set<string>();
  for (const definition of wrappers.flatMap((wrapper) => [...launchablesOf(wrapper).values()])) {
    if (definition.kind !== 'kernel') continue;
    const { name, source } = definition;
    if ((sources.get(name) ?? source) !== source) shared.add(name);
    sources.set(name, source);
  }
  return shared;
}
