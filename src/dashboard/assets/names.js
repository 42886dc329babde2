import { make } from './dom.js';

/**
 * A kernel's name and what tells it from others of that name: the first may wrap at the borders of its parts, the other never.
 * @param {string} name
 * @param {string} rest shape and dtype
 */
export function fullName(name, rest) {
  return make(
    'span',
    { class: 'name' },
    name,
    rest === '' ? null : [' ', make('span', { class: 'shape' }, rest)],
  );
}

/**
 * Shape and dtype, as far as they are known.
 * @param {Readonly<{ shape: string, dtype: string }>} kernel
 */
export function shapeOf({ shape, dtype }) {
  return [shape, dtype].filter((word) => word !== '' && word !== '-').join(' ');
}
