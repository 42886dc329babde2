import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { htmlReport } from '../../src/report/html/page.ts';
import { markdownReport } from '../../src/report/markdown/report.ts';
import { gainsFigures } from '../../src/report/story/figures-of.ts';
import { modelGains } from '../../src/report/story/model-gain.ts';
import { type Story, tellStory, withAnswers } from '../../src/report/story/story.ts';
import { TEXT_WIDTH } from '../../src/report/svg/figure.ts';
import { drawHeadline } from '../../src/report/terminal/findings.ts';
import { plain } from '../../src/report/terminal/paint.ts';
import { formatTimeUs, timeIn, timeUnitFor } from '../../src/text/time-text.ts';
import type { Store } from '../../store/store.ts';
import { emptyStore, tune } from './tuned-store.fixture.ts';

let store: Store;
let story: Story;
beforeAll(async () => {
  store = await emptyStore();
  for (const shape of ['32768', '65536', '1048576']) {
    await tune(store, { kernel: 'gelu', shape, target: 'hexagon-mlir', trials: 30 });
  }
  await tune(store, { kernel: 'softmax', shape: '256x1024', trials: 30 });
  story = await tellStory(store, {});
});
afterAll(() => store.close());

describe('the story', () => {
  it('is sorted by kernel, target and size, for any order of the studies', () => {
    expect(story.studies.map(({ kernel }) => `${kernel.name} ${kernel.shape}`)).toEqual([
      'gelu 32768',
      'gelu 65536',
      'gelu 1048576',
      'softmax 256x1024',
    ]);
  });
  it('follows the best time over trials', () => {
    for (const { curve, settled } of story.studies) {
      expect(curve.trials).toBe(settled);
      const times = curve.improvements.map(({ timeUs }) => timeUs);
      expect(times).toEqual([...times].sort((a, b) => b - a));
    }
  });
  it('has a curve over sizes if at least three were tuned', () => {
    expect(story.scalings.map(({ mechanism, sizes }) => [mechanism, sizes.length])).toEqual([
      ['mt', 3],
      ['db', 3],
    ]);
  });
  it('has one curve for several seeds, from the studies with the most trials', async () => {
    const own = await emptyStore();
    for (const [shape, seed, trials] of [
      ['32768', 1, 30],
      ['65536', 2, 30],
      ['262144', 3, 30],
      ['65536', 4, 40],
    ] as const)
      await tune(own, { kernel: 'gelu', shape, seed, trials, target: 'hexagon-mlir' });
    const { scalings } = await tellStory(own, {});
    await own.close();
    expect(scalings.map(({ sizes }) => sizes.map(({ shape }) => shape))).toContainEqual([
      '32768',
      '65536',
      '262144',
    ]);
    expect(scalings.filter(({ mechanism }) => mechanism === 'mt')).toHaveLength(1);
  });
  it('can be restricted to one kernel, one target, or one study', async () => {
    expect((await tellStory(store, { kernelName: 'softmax' })).studies).toHaveLength(1);
    const { id } = story.studies[0].study;
    expect((await tellStory(store, { studyIds: [id] })).studies.map(({ study }) => study.id)).toEqual([id]);
  });
});

describe('a report of many studies', () => {
  /** The same studies under longer names, so many times. */
  const many = (times: number): Story => ({
    ...story,
    studies: Array.from({ length: times }, (_, copy) =>
      story.studies.map((each) => ({
        ...each,
        kernel: {
          ...each.kernel,
          name: `triton_poi_fused_addmm_clone_permute_select_transpose_view_${copy}`,
        },
      })),
    ).flat(),
  });

  it('has an axis for every 24 gains, and each shape in full', () => {
    const figures = gainsFigures(many(20));
    const shown = many(20).studies.filter(
      ({ findings }) => findings !== null && 'value' in findings.gainOverDefault,
    );
    expect(figures).toHaveLength(Math.ceil(shown.length / 24));
    for (const { body } of figures) expect(body).toContain('>1×</text>');
    const bodies = figures.map(({ body }) => body).join('');
    for (const { kernel } of shown) expect(bodies).toContain(`>${kernel.shape} ${kernel.dtype}</text>`);
  });

  it('has names above the dots for a narrow page, and each shape in full there, too', () => {
    const figures = gainsFigures(many(1)).flatMap(({ narrow }) => narrow ?? []);
    for (const { width, body } of figures) {
      expect(width).toBeLessThanOrEqual(390 - 32);
      for (const [, words] of body.matchAll(/class="label">([^<]*)</g))
        expect(words.length * TEXT_WIDTH).toBeLessThanOrEqual(width);
    }
    const bodies = figures.map(({ body }) => body).join('');
    for (const { kernel } of many(1).studies)
      expect(bodies).toContain(` ${kernel.shape} ${kernel.dtype}</text>`);
    expect(htmlReport(many(1))).toContain('class="figure on-narrow"');
  });

  it('has closed parts with gain and id, which links open; those of few studies have no lid', () => {
    const html = htmlReport(many(20));
    expect(html.split('<details>')).toHaveLength(many(20).studies.length + 1);
    const [{ study }] = story.studies;
    expect(html).toMatch(
      new RegExp(
        `<summary><h3[^>]*>.*?as fast as the default · ${study.id}</span></summary><section id="study-${study.id}"`,
      ),
    );
    expect(htmlReport(story)).not.toContain('<details');
  });

  it('leaves out the parts of single studies where only a summary is asked for', async () => {
    const summary = await withAnswers(await tellStory(store, {}, true), store);
    const html = htmlReport(summary);
    const { text } = markdownReport(summary, 'figures');
    for (const report of [html, text]) {
      expect(report).not.toContain('Study by study');
      expect(report).toContain('In short');
    }
    expect(html).not.toContain('href="#');
    expect(summary.studies.every(({ why }) => why === undefined)).toBe(true);
  });

  it('says what several studies warn of once, and what one does where it stands', () => {
    const [first, second, third] = story.studies.map((each, place) => ({
      ...each,
      findings: each.findings && {
        ...each.findings,
        warnings: place < 2 ? ['A warning of two.'] : ['its own'],
      },
    }));
    const studies = [first, second, third];
    const html = htmlReport({ ...story, studies });
    expect(html.split('A warning of two.')).toHaveLength(2);
    expect(html).toContain('Of 2 studies, on hexagon-mlir: A warning of two.');
    expect(html).toContain('its own');
    expect(markdownReport({ ...story, studies }, 'figures').text.split('A warning of two.')).toHaveLength(2);
  });
});

describe('why a configuration wins', () => {
  it('is in both reports: the way from the default, the next limit, the rungs under the roofs', async () => {
    const told = await withAnswers(story, store);
    const html = htmlReport(told);
    const { text, figures } = markdownReport(told, 'figures');
    for (const { study, why } of told.studies) {
      expect(why?.from).toBe('simulator');
      for (const name of ['why', 'roofline']) {
        expect(html).toContain(`id="${name}-${study.id}-title"`);
        expect(figures.map((figure) => figure.name)).toContain(`${name}-${study.id}.svg`);
      }
    }
    for (const report of [html, text]) {
      expect(report.split('Next limit: ')).toHaveLength(story.studies.length + 1);
      expect(report).toMatch(/The best possible is about [\d.,]+(?: |&#160;)(µs|ms)/);
    }
  });
});

describe('report --html', () => {
  it('is one file that loads nothing, the same for the same store', async () => {
    const html = htmlReport(story);
    expect(htmlReport(await tellStory(store, {}))).toBe(html);
    expect(html).not.toMatch(/<script|<link rel="stylesheet"|(?:src|href)="(?!#|data:)/);
    expect(html).toContain("default-src 'none'");
  });
  it('draws every figure with a title, a description and a unique id', () => {
    const html = htmlReport(story);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const svgs = html.match(/<svg /g) ?? [];
    expect(svgs.length).toBeGreaterThan(10);
    expect(html.match(/<title id=/g)).toHaveLength(svgs.length);
    expect(html.match(/<desc id=/g)).toHaveLength(svgs.length);
    expect(html).not.toMatch(/NaN|Infinity|undefined/);
  });
  it('has every gain over the default, its warnings, and the command that repeats it', () => {
    const html = htmlReport(story);
    for (const { findings, study } of story.studies) {
      expect(html).toContain(`id="study-${study.id}"`);
      for (const warning of findings?.warnings ?? []) expect(html).toContain(warning.slice(0, 30));
    }
    expect(html).toContain(
      'nightshift tune gelu --shape 65536 --dtype f32 --target hexagon-mlir --strategy random --seed 1 --trials 30',
    );
    expect(html).toContain('simulated');
  });
  it('says where intervals come from that no calibration gives, and why gains have none', () => {
    const label = 'Intervals come from stated ranges of the target’s figures, not from a calibration.';
    const untold = 'Gains without an interval: hexagon-v75 does not say how well its figures are known.';
    expect(htmlReport(story)).toContain(label);
    expect(htmlReport(story)).not.toContain('without an interval');
    const calibrated = story.studies.filter(({ target }) => target.name === 'hexagon-mlir');
    expect(htmlReport({ ...story, studies: calibrated })).not.toContain(label);
    const plain = story.studies.flatMap((each) => {
      if (each.findings === null || each.target.name !== 'hexagon-v75') return [];
      return {
        ...each,
        findings: { ...each.findings, gainOverDefault: { value: 2, low: null, high: null } },
      };
    });
    expect(htmlReport({ ...story, studies: plain })).toContain(untold);
  });
  it('shows the gain of the configuration to use where that is not the fastest', () => {
    const [first] = story.studies;
    if (first.findings === null) throw new Error('the study has findings');
    const { default: usual, winner } = first.findings;
    if (usual === null || winner === null) throw new Error('both have a time');
    const gainOverDefault = { value: 8.125, low: null, high: null };
    const best = { ...usual, timeUs: usual.timeUs / gainOverDefault.value };
    const findings = { ...first.findings, best, winner, gainOverDefault };
    const both = { ...story, studies: [{ ...first, findings }] };
    const { text } = markdownReport(both, 'figures');
    expect(text).toContain('| 8.13× |');
    expect(text).toContain('**8.13×** as fast as the default');
    expect(gainsFigures(both)[0].description).toContain('8.13×');
    const unit = timeUnitFor([usual.timeUs, best.timeUs]);
    const headline = `${timeIn(unit, usual.timeUs)} → ${formatTimeUs(best.timeUs, unit)}`;
    expect(htmlReport(both)).toContain(headline);
    expect(drawHeadline(findings, 100, plain)).toContain(`8.13× as fast as the default: ${headline}`);
  });
  it('has one unit for the times of a table', () => {
    const [first, second] = story.studies;
    const slow = { ...second, best: second.best && { ...second.best, timeUs: 2e6 } };
    const { text } = markdownReport({ ...story, studies: [first, slow] }, 'figures');
    const rows = text.split('\n').filter((line) => line.startsWith('| gelu'));
    expect(rows).toHaveLength(2);
    expect(rows.join()).toContain('| 2,000,000 µs |');
    expect(rows.join()).not.toMatch(/\d m?s /);
  });
  it('says what gains of Vec consist of, and which rest on a prior', () => {
    for (const report of [htmlReport(story), markdownReport(story, 'figures').text]) {
      expect(report).toMatch(/\+vec: [\d.]+× = issue [\d.]+× · stalls [\d.]+×/);
      expect(report).toMatch(/Vec alone.*: \d+(?: |&#160;)% of the scalar time that Vec saves is a prior: /);
    }
  });
  it('prints in light colours in any colour scheme', () => {
    expect(htmlReport(story)).toContain('@media screen and (prefers-color-scheme:dark)');
  });
  it('tells two studies that differ in the seed only apart', () => {
    const [first, second] = story.studies;
    const again = { ...first, study: { ...first.study, id: 'other', seed: 77 } };
    const both = { ...story, studies: [first, again, second] };
    for (const report of [htmlReport(both), markdownReport(both, 'figures').text]) {
      expect(report).toContain('hexagon-mlir, seed 1');
      expect(report).toContain('hexagon-mlir, seed 77');
    }
    expect(htmlReport(story)).not.toContain('hexagon-mlir, seed');
  });
  it('names objective, limit and restriction of a study in the table and in its heading', async () => {
    const own = await emptyStore();
    await tune(own, {
      kernel: 'gelu',
      shape: '65536',
      target: 'hexagon-mlir',
      trials: 8,
      values: { threads: [4] },
    });
    const [first] = (await tellStory(own, {})).studies;
    await own.close();
    const study = { ...first.study, objective: 'energyJ where bytes<=4096' };
    const other = { ...story, studies: [{ ...first, study }, ...story.studies] };
    const asked = ', for energyJ where bytes<=4096, only threads=4';
    // Markdown and HTML escape some characters, each in its way.
    const plainly = (text: string) => text.replaceAll(/\\|<wbr\/?>/g, '').replaceAll('&lt;', '<');
    for (const report of [htmlReport(other), markdownReport(other, 'figures').text].map(plainly)) {
      expect(report.split(`hexagon-mlir${asked}`).length - 1).toBeGreaterThanOrEqual(2);
      expect(report).toContain(`gelu 65536 f32 on hexagon-mlir${asked}`);
    }
    expect(plainly(htmlReport(story))).not.toContain(', for energyJ');
  });
  it('tells curves of one kernel apart that were searched otherwise', () => {
    const [first] = story.scalings;
    const scalings = [first, { ...first, strategy: 'other' }, { ...first, restrictedTo: 'threads=4' }];
    for (const report of [htmlReport, (each: Story) => markdownReport(each, 'figures').text]) {
      const text = report({ ...story, scalings });
      for (const words of [', strategy random', ', strategy other', ', only threads=4'])
        expect(text.replaceAll(/\\|<wbr\/?>/g, '')).toContain(`gelu f32 on hexagon-mlir${words}`);
      expect(report(story)).not.toContain('hexagon-mlir, strategy');
    }
  });
  it('escapes foreign names', () => {
    const [first] = story.studies;
    const evil = { ...first, kernel: { ...first.kernel, name: '<script>alert(1)</script>"' } };
    const html = htmlReport({ ...story, studies: [evil], scalings: [] });
    expect(html).not.toContain('<script');
  });
});

describe('report --md', () => {
  it('has the same figures as files', () => {
    const { text, figures } = markdownReport(story, 'report-figures');
    const linked = [...text.matchAll(/\]\(report-figures\/([^)]+)\)/g)].map(([, name]) => name);
    expect(linked).toEqual(figures.map(({ name }) => name));
    const html = htmlReport(story);
    expect(figures.length).toBe(html.split('<svg ').length - html.split('class="figure on-narrow"').length);
    for (const figure of figures) expect(figure.text).toMatch(/prefers-color-scheme:dark/);
  });
});

describe('the gain of a model', () => {
  it('adds up the calls of tuned kernels, and names the others', () => {
    const [first, second] = story.studies;
    const imported = [first, second].map(({ kernel }, place) => ({
      kernel: { ...kernel, ir: null, features: {}, source: 'x' },
      calls: place + 2,
      ttir: null,
      importedAt: 0,
    }));
    const strange = { ...imported[0], kernel: { ...imported[0].kernel, name: 'other', hash: 'none' } };
    const models = modelGains(story.studies, [...imported, strange]);
    const [gain] = models;
    expect(models).toHaveLength(1);
    const expected = [first, second].reduce(
      (sum, { findings }, place) => sum + (place + 2) * (findings?.default?.timeUs ?? Number.NaN),
      0,
    );
    expect(gain.defaultUs).toBeCloseTo(expected, 6);
    expect(gain.missing).toEqual(['other']);
    for (const report of [
      htmlReport({ ...story, models }),
      markdownReport({ ...story, models }, 'figures').text,
    ]) {
      expect(report).toContain('2 of 3 kernels of the model on ');
      expect(report).toContain('2 of its 3 kernels in one call of the model, without the others: ');
      expect(report).not.toContain('The whole model');
    }
    const renamed = imported.map((each) => ({ ...each, kernel: { ...each.kernel, name: 'triton_poi_0' } }));
    const [{ rows }] = modelGains(story.studies, renamed);
    for (const row of rows) expect(row).toMatchObject({ kernel: 'gelu', called: 'triton_poi_0' });
    const noise = { unknown: 'disturbed', why: '1 of 9 rounds clean' } as const;
    const noisy = story.studies.map((each) =>
      each === first && each.findings !== null
        ? { ...each, findings: { ...each.findings, gainOverDefault: noise } }
        : each,
    );
    const [left] = modelGains(noisy, imported);
    expect(left.missing).toEqual([first.kernel.name]);
  });
  it('is in both reports, with the label of its times', () => {
    const imported = story.studies.map(({ kernel }) => ({
      kernel: { ...kernel, ir: null, features: {}, source: 'x' },
      calls: 3,
      ttir: null,
      importedAt: 0,
    }));
    const models = modelGains(story.studies, imported);
    expect(models.map(({ target }) => target)).toEqual(['hexagon-mlir', 'hexagon-v75']);
    const html = htmlReport({ ...story, models });
    const { text } = markdownReport({ ...story, models }, 'figures');
    for (const report of [html, text]) {
      for (const { target } of models)
        expect(report).toMatch(new RegExp(`(The whole|kernels of the) model on ${target} \\(simulated\\)`));
      expect(report).toMatch(
        /one call of the model(, without the others)?: .* [\d.]+× \\?\[[\d.]+, [\d.]+\\?\] as fast/i,
      );
      expect(report).toContain('by default and tuned');
      expect(report).toMatch(/1 gelu/);
    }
    // A phone has a card for each row: every figure says what it is.
    expect(html.split('data-title="gain over default"').length - 1).toBe(2 * story.studies.length);
  });
  it('is absent if no kernel has calls', () => {
    expect(modelGains(story.studies, [])).toEqual([]);
  });
});
