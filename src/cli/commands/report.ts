import { basename, dirname, join } from 'node:path';
import { InputError } from '../../../search-space/input-error.ts';
import type { StudyStore } from '../../../store/study-store.ts';
import { writeFiles } from '../../exporters/write.ts';
import { htmlReport } from '../../report/html/page.ts';
import { markdownReport } from '../../report/markdown/report.ts';
import { type Story, tellStory, withAnswers } from '../../report/story/story.ts';
import { countOf } from '../../report/words/numbers.ts';
import { makeFolder } from '../../text/make-folder.ts';
import { formatCount } from '../../text/number-text.ts';
import { fileError } from '../../text/output-error.ts';
import { writeWhole } from '../../text/write-whole.ts';
import { defineCommand } from '../command.ts';
import { NothingFound } from '../nothing-found.ts';
import { progressLine } from '../progress-line.ts';
import { reading } from '../stores.ts';

export const report = defineCommand({
  arguments: {},
  options: {
    html: { kind: 'text', describe: 'Write one self-contained HTML file', group: 'Output:' },
    md: {
      kind: 'text',
      describe: 'Write Markdown, with its figures in a folder beside it',
      group: 'Output:',
    },
    kernel: { kind: 'text', describe: 'Only this kernel', group: 'What:' },
    target: { kind: 'text', describe: 'Only this target', alias: 't', group: 'What:' },
    study: { kind: 'list', describe: 'Only these: their ids, or the beginnings of them', group: 'What:' },
    summary: { kind: 'switch', describe: 'Without the parts of single studies', group: 'What:' },
  },
  examples: [
    ['report --html report.html', 'one file to mail or archive'],
    ['report --html all.html --summary', 'of many studies only what sums them up'],
    ['report --html two.html --study 1a2b --study 3c4d', 'some studies'],
    ['report --md docs/tuning.md --kernel gelu', 'the same figures as SVG files'],
  ],
  async act(flags, session) {
    const [html, md] = [flags.text('html'), flags.text('md')];
    if (html === undefined && md === undefined)
      throw new InputError('report', 'needs a file to write', 'report --html report.html');
    const [kernelName, targetName] = [flags.text('kernel'), flags.text('target')];
    const named = flags.list('study');
    if (named.length > 0 && (kernelName ?? targetName) !== undefined)
      throw new InputError('--study', 'excludes --kernel and --target', 'name all studies by their ids');
    const story = await reading(flags, session, async (store) => {
      const studyIds = await Promise.all(named.map((id) => wholeId(id, store)));
      const filter = {
        ...(kernelName !== undefined && { kernelName }),
        ...(targetName !== undefined && { targetName }),
        ...(studyIds.length > 0 && { studyIds }),
      };
      const line = progressLine(session, flags.isOn('quiet'));
      const listen = (doing: string) => (done: number, of: number) =>
        line.tell(`${doing} · ${formatCount(done)} of ${countOf(of, 'study', 'studies')}`);
      try {
        const told = await tellStory(store, filter, flags.isOn('summary'), listen('reading'));
        return await withAnswers(told, store, listen('writing the report'));
      } finally {
        line.end();
      }
    });
    if (story.studies.length === 0)
      throw new NothingFound('there is nothing to report yet; begin with `nightshift tune gelu`');
    if (html !== undefined) await writeOne(html, htmlReport(story), '--html');
    if (md !== undefined) await writeMarkdown(md, story);
    for (const path of [html, md]) if (path !== undefined) session.printLine(`${path} written`);
  },
});

/** Throws NothingFound. */
async function wholeId(id: string, store: StudyStore): Promise<string> {
  const study = await store.study(id);
  if (study !== undefined) return study.id;
  throw new NothingFound(`no single study is called '${id}'; \`nightshift studies\` lists them`);
}

async function writeMarkdown(path: string, story: Story): Promise<void> {
  const folder = `${basename(path).replace(/\.md$/, '')}-figures`;
  const { text, figures } = markdownReport(story, folder);
  await writeFiles(join(dirname(path), folder), figures);
  await writeOne(path, text, '--md');
}

async function writeOne(path: string, text: string, flag: string): Promise<void> {
  try {
    makeFolder(dirname(path));
  } catch (cause) {
    throw fileError(flag, path, cause, 'choose another path');
  }
  writeWhole(flag, path, text);
}
