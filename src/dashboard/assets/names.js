import { make } from './dom.js';

/** Characters of a name's end that stay when its middle is left out: they tell `…relu_12` from `…relu_13`. */
const END = 10;
/** A shorter name is never cut. */
const SHORT = 26;

/**
 * A name that fits its place: if need be its middle is left out, never its end and never what follows it.
 * @param {string} name
 * @param {string} rest shape and dtype
 */
export function shortened(name, rest) {
  const cut = name.length > SHORT ? name.length - END : name.length;
  return make(
    'span',
    { class: 'name', title: rest === '' ? name : `${name} ${rest}` },
    make('span', { class: 'front' }, name.slice(0, cut)),
    make('span', { class: 'end' }, name.slice(cut), rest === '' ? null : ` ${rest}`),
  );
}

/**
 * A name that may wrap after an underscore, a dot, a slash or a hyphen, and nowhere else.
 * @param {string} name
 */
export function wrapping(name) {
  return name.split(/(?<=[_./-])/).flatMap((part, place) => (place === 0 ? [part] : [make('wbr'), part]));
}

/**
 * Shape and dtype, as far as they are known.
 * @param {Readonly<{ shape: string, dtype: string }>} kernel
 */
export function shapeOf({ shape, dtype }) {
  return [shape, dtype].filter((word) => word !== '' && word !== '-').join(' ');
}
