/** The width of a full-width figure, in pixels. */
export const WIDTH = 640;
/** The width of one of two figures side by side. */
export const HALF = 470;
/** The width of a figure on a phone: its page without its margins. */
export const PHONE = 350;
