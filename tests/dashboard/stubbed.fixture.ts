import type { Browser, Page, Route } from 'playwright-core';

/** A page of its own, for answers of its own. */
export async function pageIn(browser: Browser, width: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 844 } });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  return page;
}

/** Leaves a page; what it still asks for gets no answer. */
export async function close(page: Page): Promise<void> {
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.context().close();
}

/** Answers a request with this instead of what the daemon says. */
export function answer(route: Route, body: unknown): Promise<void> {
  return route.fulfill({ contentType: 'application/json', body: JSON.stringify(body) });
}
