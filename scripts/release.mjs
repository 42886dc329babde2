// Makes a release: `npm run release -- 0.2.0`. Checks everything on every supported Node, dates the changelog, sets
// the version, commits, tags and packs. Publishes nothing. With `--dry-run` it only says whether it could begin, and
// what it would do.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const OTHER_NODES = ['22', '24', '26'];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [version = '', ...flags] = process.argv.slice(2);
const isDry = flags.includes('--dry-run');
process.chdir(root);

const run = (program, ...words) => execFileSync(program, words, { stdio: 'inherit' });
const ask = (program, ...words) => execFileSync(program, words, { encoding: 'utf8' }).trim();

function refuse(sentence) {
  console.error(sentence);
  process.exit(2);
}

function checkReady(changelog, heading) {
  if (!/^\d+\.\d+\.\d+$/.test(version) || flags.some((flag) => flag !== '--dry-run'))
    refuse('usage: npm run release -- 0.2.0 [--dry-run]');
  if (ask('git', 'status', '--porcelain') !== '') refuse('The tree has changes: commit them first.');
  if (ask('git', 'tag', '--list', `v${version}`) !== '') refuse(`There is a tag v${version} already.`);
  if (!changelog.includes(heading)) refuse(`CHANGELOG.md has no section '${heading.trim()}'.`);
}

const changelog = readFileSync('CHANGELOG.md', 'utf8');
const heading = `\n## ${version}, unreleased\n`;
checkReady(changelog, heading);
if (isDry) {
  console.log(
    `Ready. Would run .ci/run, test:long, and the tests on Node ${OTHER_NODES.join(', ')}; date ${version} in CHANGELOG.md; set the version; commit, tag v${version} and pack.`,
  );
  process.exit(0);
}
run('.ci/run');
run('npm', 'run', 'test:long');
for (const node of OTHER_NODES) run('npm', 'run', 'test:node', '--', node);

const today = new Date().toISOString().slice(0, 10);
writeFileSync('CHANGELOG.md', changelog.replace(heading, `\n## ${version}, ${today}\n`));
run('npm', 'version', version, '--no-git-tag-version', '--allow-same-version');
run('git', 'commit', '--quiet', '--all', '--message', `Release ${version}`);
run('git', 'tag', `v${version}`);
run('npm', 'pack');
console.log(
  `\nTo publish:\n  git push --follow-tags\n  npm publish nightshift-tuner-nightshift-${version}.tgz`,
);
