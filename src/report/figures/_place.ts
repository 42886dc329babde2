/** The width of a figure that has a line of its own. */
export const WIDTH = 640;
/** The width of a figure that stands beside another. */
export const HALF = 470;
