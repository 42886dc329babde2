/** Makes elements. Strings are added as text, never as markup. */
const SVG = 'http://www.w3.org/2000/svg';

export function make(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function draw(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  element.append(
    ...children
      .flat(Number.POSITIVE_INFINITY)
      .filter((child) => child !== null && child !== undefined)
      .map((child) => (typeof child === 'string' ? visible(child) : child)),
  );
  return element;
}

/** Spells out control characters and marks that change the direction of text: `\u202e`. */
function visible(text) {
  return text.replaceAll(
    /(?!\n)[\p{Cc}\p{Bidi_C}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A drawing from the daemon, parsed as XML, so that no script in it runs. Undefined if there is none. */
export function drawing(markup, label) {
  if (markup === null) return undefined;
  const box = make('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label });
  box.append(document.adoptNode(new DOMParser().parseFromString(markup, 'image/svg+xml').documentElement));
  return box;
}

/** A table; the first cell of each row is its header. Cells are strings or elements. */
export function table(caption, columns, rows) {
  const head = columns.map(({ title, number }) =>
    make('th', { scope: 'col', class: number ? 'n' : undefined }, title),
  );
  const body = rows.map((row) =>
    make(
      'tr',
      {},
      row.map((cell, place) =>
        place === 0
          ? make('th', { scope: 'row' }, cell)
          : make(
              'td',
              { class: [columns[place].number ? 'n' : '', cell?.kind ?? ''].join(' ').trim() || undefined },
              cell?.text ?? cell,
            ),
      ),
    ),
  );
  return make(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    make(
      'table',
      {},
      make('caption', {}, caption),
      make('thead', {}, make('tr', {}, head)),
      make('tbody', {}, body),
    ),
  );
}

/** Replaces the children of a box. The focus stays on the element of the same name, or moves to the first one. */
export function refill(box, ...children) {
  const focused = box.contains(document.activeElement) ? document.activeElement : undefined;
  box.replaceChildren(...children);
  if (focused === undefined || box.contains(focused)) return focused?.focus();
  const able = [...box.querySelectorAll('a, button, input, select, [tabindex]')];
  (able.find((element) => nameOf(element) === nameOf(focused)) ?? able[0])?.focus();
}

function nameOf(element) {
  return `${element.tagName} ${element.getAttribute('aria-label') ?? element.textContent}`;
}

/** A labelled choice; `choose` is called with the chosen value. */
export function choice(label, options, chosen, choose) {
  const select = make(
    'select',
    { onchange: () => choose(select.value) },
    options.map((option) => make('option', { value: option, selected: option === chosen }, option)),
  );
  return make('label', {}, `${label} `, select);
}
