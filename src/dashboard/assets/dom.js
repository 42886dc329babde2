/** Makes elements. Strings are added as text, never as markup. */
/** @typedef {string | Node | null | undefined | readonly Child[]} Child */
/** @typedef {Readonly<Record<string, string | number | boolean | null | undefined | (() => void)>>} Attributes */
/** @typedef {Child | Readonly<{ text: Child, kind: string }>} Cell */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} [attributes]
 * @param {Child[]} children
 */
export function make(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/**
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} [attributes]
 * @param {Child[]} children
 */
export function draw(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

/**
 * @template {Element} E
 * @param {E} element
 * @param {Attributes} attributes
 * @param {Child[]} children
 * @returns {E}
 */
function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === 'function') element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  const isText = element instanceof HTMLElement && !WHOLE.includes(element.tagName);
  element.append(
    ...flattened(children).flatMap((child) => {
      if (typeof child !== 'string') return [child];
      if (PROSE.includes(element.tagName)) return prose(visible(child));
      return isText ? breakable(visible(child)) : [visible(child)];
    }),
  );
  return element;
}

/** Elements whose text is text alone. */
const WHOLE = ['OPTION', 'TITLE', 'TEXTAREA'];

/** Elements of sentences. */
const PROSE = ['P', 'LI'];

/**
 * Sentences: what stands between backticks is code, and no line ends between a number and its unit.
 * @param {string} text
 * @returns {(string | Node)[]}
 */
function prose(text) {
  return text
    .split(/`([^`]+)`/)
    .flatMap((part, place) =>
      place % 2 === 1
        ? [make('code', {}, part)]
        : breakable(part.replaceAll(/(?<=\d) (?=(?:%|µs|ms|s)(?!\p{L}))/gu, '\u00a0')),
    );
}

/** A shorter word has room on a line everywhere. */
const LONG_WORD = 12;
/** After one of these characters a name may go on in the next line, and between its letters and its digits. */
const BORDERS = /(?<=[_./=-])(?=[\p{L}\d])|(?<=\p{L})(?=\d)|(?<=\d)(?=\p{L}{2})/u;

/**
 * A text whose long names may wrap at the borders of their parts, and nowhere else. Numbers and shapes (`1x8x128x64`) stay
 * whole.
 * @param {string} text
 * @returns {(string | Node)[]}
 */
export function breakable(text) {
  /** @param {string} word */
  const isName = (word) => word.length > LONG_WORD && /\p{L}{2}/u.test(word);
  return text
    .split(/(\s+)/)
    .flatMap((word) =>
      isName(word)
        ? word
            .split(BORDERS)
            .flatMap((part) => [part, make('wbr')])
            .slice(0, -1)
        : word,
    )
    .reduce((/** @type {(string | Node)[]} */ all, part) => {
      const last = all.at(-1);
      if (typeof part === 'string' && typeof last === 'string') all[all.length - 1] = last + part;
      else all.push(part);
      return all;
    }, []);
}

/**
 * @param {Child} child
 * @returns {(string | Node)[]}
 */
function flattened(child) {
  if (child === null || child === undefined) return [];
  return typeof child === 'string' || child instanceof Node ? [child] : child.flatMap(flattened);
}

const INVISIBLE = /(?![ \n])[\p{Cc}\p{Cf}\p{Cs}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/**
 * Spells out characters that are drawn as nothing, or change how others are drawn: `\u202e`, `\u{e0041}`.
 * @param {string} text
 */
function visible(text) {
  return text.replaceAll(INVISIBLE, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
  });
}

/**
 * A drawing from the daemon, in one form or in two for different widths, parsed as XML, so that no script in it runs.
 * Undefined if there is none.
 * @param {string | null} markup
 * @param {string} label
 */
export function drawing(markup, label) {
  if (markup === null) return undefined;
  const box = make('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label });
  const parsed = new DOMParser().parseFromString(`<div>${markup}</div>`, 'application/xml');
  box.append(...[...parsed.documentElement.children].map((drawn) => document.adoptNode(drawn)));
  return box;
}

/** With more columns than this a table has no room on a phone. */
const MOST_COLUMNS = 3;

/**
 * A table; the first cell of each row is its header. Cells are strings or elements. Roles are stated, because cells that are
 * laid out as a card have none of their own.
 * @param {string} caption
 * @param {readonly Readonly<{ title: string, number?: boolean }>[]} columns
 * @param {readonly (readonly Cell[])[]} rows
 * @param {Readonly<{ isStacked?: boolean }>} [how] whether its rows are cards on a phone
 */
export function table(caption, columns, rows, { isStacked = columns.length > MOST_COLUMNS } = {}) {
  const head = columns.map(({ title, number }) =>
    title === ''
      ? make('td', { role: 'cell' })
      : make('th', { scope: 'col', role: 'columnheader', class: number ? 'n' : undefined }, title),
  );
  const body = rows.map((row) =>
    make(
      'tr',
      { role: 'row' },
      row.map((cell, place) => cellOf(cell, place === 0, columns[place])),
    ),
  );
  return make(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    make(
      'table',
      { role: 'table', class: isStacked ? 'stacked' : undefined },
      make('caption', {}, caption),
      make('thead', { role: 'rowgroup' }, make('tr', { role: 'row' }, head)),
      make('tbody', { role: 'rowgroup' }, body),
    ),
  );
}

/**
 * @param {Cell} cell
 * @param {boolean} isHead
 * @param {Readonly<{ title: string, number?: boolean }>} column
 */
function cellOf(cell, isHead, { title, number }) {
  const { text, kind } = isMarked(cell) ? cell : { text: cell, kind: '' };
  if (isHead) return make('th', { scope: 'row', role: 'rowheader' }, text);
  const kinds = [number ? 'n' : '', kind].join(' ').trim() || undefined;
  return make('td', { class: kinds, role: 'cell', 'data-title': title }, text);
}

/**
 * @param {Cell} cell
 * @returns {cell is Readonly<{ text: Child, kind: string }>}
 */
function isMarked(cell) {
  return typeof cell === 'object' && cell !== null && 'text' in cell && 'kind' in cell;
}

/**
 * Replaces the children of a box. Frames of the same name stay scrolled to where they were; the focus stays on the element
 * of the same name, or moves to the first one.
 * @param {HTMLElement} box
 * @param {Node[]} children
 */
export function refill(box, ...children) {
  const places = new Map(framesOf(box).map((frame) => [nameOf(frame), [frame.scrollLeft, frame.scrollTop]]));
  const active = document.activeElement;
  const focused = isFocusable(active) && box.contains(active) ? active : undefined;
  box.replaceChildren(...children);
  for (const frame of framesOf(box)) {
    const [left, top] = places.get(nameOf(frame)) ?? [0, 0];
    if (left > 0 || top > 0) frame.scrollTo(left, top);
  }
  if (focused === undefined || box.contains(focused)) return focused?.focus({ preventScroll: true });
  const able = [...box.querySelectorAll('a, button, input, select, [tabindex]')].filter(isFocusable);
  const same = able.find((element) => nameOf(element) === nameOf(focused));
  if (same !== undefined) same.focus({ preventScroll: true });
  else able[0]?.focus();
}

/**
 * Draws what comes late, without moving what the reader has in the middle of the window. At the top of the page that is
 * nothing below it: there what comes late has its place.
 * @param {() => void} act
 */
export function inPlace(act) {
  const seen = scrollY > 0 ? document.elementFromPoint(innerWidth / 2, innerHeight / 2) : null;
  const before = seen?.getBoundingClientRect().top ?? 0;
  act();
  if (seen?.isConnected) scrollBy(0, seen.getBoundingClientRect().top - before);
}

/**
 * @param {Element | null | undefined} element
 * @returns {element is HTMLElement | SVGElement}
 */
function isFocusable(element) {
  return element instanceof HTMLElement || element instanceof SVGElement;
}

/** @param {Element} box */
function framesOf(box) {
  return [...box.querySelectorAll('.scroll')];
}

/** @param {Element} element */
function nameOf(element) {
  return `${element.tagName} ${element.getAttribute('aria-label') ?? element.textContent}`;
}

/**
 * A labelled choice; `choose` is called with the chosen value.
 * @template {string} Word
 * @param {string} label
 * @param {readonly Word[]} options
 * @param {Word | undefined} chosen
 * @param {(word: Word) => void} choose
 */
export function choice(label, options, chosen, choose) {
  const select = make(
    'select',
    {},
    options.map((option) => make('option', { value: option, selected: option === chosen }, option)),
  );
  select.addEventListener('change', () => choose(options[select.selectedIndex]));
  return make('label', {}, `${label} `, select);
}

/**
 * The element of the page with this id. Throws Error where there is none.
 * @param {string} id
 */
export function elementOf(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

/**
 * What an error says.
 * @param {unknown} error
 */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
