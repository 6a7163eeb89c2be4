// Makes HTML files to test: from documents, or by the tool itself.
//
// A page is the template of src/picture/page/web with its placeholders filled, as `optexplore plot --format html` does it.
// OPTEXPLORE names the binary.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, '..', '..');
const parts = join(root, 'src', 'picture', 'page', 'web');
const binary = process.env.OPTEXPLORE ?? join(root, 'build', 'release', 'optexplore');

function read(name) {
  return readFileSync(join(parts, name), 'utf8');
}

/** The template with a document in it, as text. */
export function fillTemplate(document) {
  const escape = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  const values = {
    TITLE: document.title.replace(/[&<>"]/g, (c) => escape[c]),
    STYLE: read('style.css'),
    SCRIPT: read('order.txt').trim().split('\n').map(read).join('\n'),
    DATA: JSON.stringify(document).replace(/</g, '\\u003c'),
  };
  // One pass: what is filled in is not searched for placeholders.
  return read('page.html').replace(/<!--([A-Z]+)-->/g, (_, name) => values[name]);
}

/** Writes a document's page and returns its path. */
export function writePage(folder, name, document) {
  const path = join(folder, `${name}.html`);
  writeFileSync(path, fillTemplate(document));
  return path;
}

function tool(...args) {
  return execFileSync(binary, args, { encoding: 'utf8', maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'ignore'] });
}

/** The page of a config, made by the tool. */
export function configPage(folder, name, config) {
  const path = join(folder, `${name}.html`);
  tool('plot', config, '-o', path);
  return path;
}
