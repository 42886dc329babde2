import type { Locator, Page } from 'playwright-core';

/** A part of an element's width and of its height, 0 to 1. */
type Part = readonly [across: number, down: number];

const STEPS = 8;

/** A finger, as a touch screen reports it. */
export async function fingerOn(page: Page) {
  const session = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...touchPoints: { x: number; y: number }[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints });
  return {
    /** Goes from one part of an element to another; half way it waits for `meanwhile`. */
    async drag(
      element: Locator,
      from: Part,
      to: Part,
      meanwhile: () => Promise<void> = async () => {},
    ): Promise<void> {
      await element.scrollIntoViewIfNeeded();
      const box = await element.boundingBox();
      if (box === null) throw new Error('the element is not drawn');
      const at = ([across, down]: Part) => ({ x: box.x + across * box.width, y: box.y + down * box.height });
      const [start, end] = [at(from), at(to)];
      await touch('touchStart', start);
      for (let step = 1; step <= STEPS; step++) {
        await touch('touchMove', {
          x: start.x + ((end.x - start.x) * step) / STEPS,
          y: start.y + ((end.y - start.y) * step) / STEPS,
        });
        if (step === STEPS / 2) await meanwhile();
      }
      await touch('touchEnd');
    },
  };
}
