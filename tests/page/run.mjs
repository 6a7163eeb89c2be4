// For ctest: runs the tests, or exits with 77 (skipped) where the browser or playwright-core is missing.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
for (const [path, remedy] of [[chromium, 'apt-get install chromium, or set CHROMIUM'],
  [join(here, 'node_modules', 'playwright-core'), 'npm ci --prefix tests/page']]) {
  if (!existsSync(path)) {
    console.log(`skipped: ${path} is missing (${remedy})`);
    process.exit(77);
  }
}
const tests = ['parts.test.mjs', 'viewer.test.mjs'].map((name) => join(here, name));
const { status } = spawnSync(process.execPath, ['--test', ...tests], { stdio: 'inherit' });
process.exit(status ?? 1);
