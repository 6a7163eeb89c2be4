// Pictures of pages for the eye: node shots.mjs FOLDER
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { configPage, root } from './page.mjs';

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
const book = configPage(folder, 'book', join(root, 'configs', 'book.json'));
const rosen = join(folder, 'rosen.json');
writeFileSync(rosen, JSON.stringify({ function: 'rosenbrock', start: [-1.5, 2], steps: 2000, optimizers: [
  { type: 'sgd', lr: 0.0005 }, { type: 'momentum', lr: 0.0005, momentum: 0.9 }, { type: 'nesterov', lr: 0.0005 },
  { type: 'adagrad', lr: 0.5 }, { type: 'rmsprop', lr: 0.02 }, { type: 'adam', lr: 0.05 }, { type: 'adamw', lr: 0.05, label: 'adamw' },
  { type: 'sgd', lr: 0.01, label: 'sgd, too fast' }, { type: 'nadam', lr: 0.1 }, { type: 'lion', lr: 0.01 }] }));
const rosenPage = configPage(folder, 'rosen', rosen);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const shots = [
  ['book-light', book, 1280, 800, 'light', 1], ['book-dark', book, 1280, 800, 'dark', 1], ['book-narrow', book, 360, 740, 'light', 2],
  ['rosen-light', rosenPage, 1600, 900, 'light', 1], ['rosen-dark', rosenPage, 1600, 900, 'dark', 1], ['rosen-narrow', rosenPage, 360, 740, 'dark', 2],
];
for (const [name, path, width, height, colorScheme, deviceScaleFactor] of shots) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme, deviceScaleFactor });
  page.on('console', (m) => console.log(name, m.text()));
  page.on('pageerror', (e) => console.log(name, e.message));
  await page.goto(`file://${path}`);
  await page.waitForTimeout(400);
  if (name === 'book-dark') {
    await page.locator('#slider').focus();
    await page.keyboard.press('Home');
    for (let k = 0; k < 9; ++k) await page.keyboard.press('ArrowRight');
    const box = await page.locator('#chart').boundingBox();
    await page.mouse.move(box.x + 160, box.y + 90);
    await page.waitForTimeout(200);
  }
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: width < 500 });
  await page.close();
}
await browser.close();
