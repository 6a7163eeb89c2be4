// Pages in headless Chromium, and what is on them.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';
import { bowl } from './documents.mjs';
import { writePage } from './page.mjs';

// A folder for pages, and the browser; both live as long as the file of tests that imports this.
export let folder;
export let browser;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'optexplore-html-'));
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a page without a network; the test fails on a request, a console message of errors or an exception. */
export async function open(t, path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, offline: true, ...options });
  const page = await context.newPage();
  const troubles = [];
  page.on('request', (request) => {
    if (request.url() !== `file://${path}` && !request.url().startsWith('data:')) troubles.push(request.url());
  });
  page.on('console', (message) => {
    const ours = /Multiple readback operations/;  // what the tests do, not the page
    if (['error', 'warning'].includes(message.type()) && !ours.test(message.text())) troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  t.after(async () => {
    await context.close();
    assert.deepEqual(troubles, []);
  });
  await page.addInitScript(() => {
    const ask = window.requestAnimationFrame.bind(window);
    window.frames_ = [];
    window.requestAnimationFrame = (callback) => ask((now) => {
      const from = performance.now();
      callback(now);
      window.frames_.push({ now, took: performance.now() - from });
    });
  });
  await page.goto(`file://${path}`);
  await settle(page);
  return page;
}

/** Waits until what was asked for is drawn. */
export const settle = (page) => page.evaluate(() => new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(done));
}));

export const bowlPage = (t, options) => open(t, writePage(folder, 'bowl', bowl()), options);

/** How many pixels of a canvas are near a colour (#rrggbb). */
export function count(page, canvas, colour) {
  return page.evaluate(([selector, text]) => {
    const c = document.querySelector(selector);
    const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height);
    const goal = [1, 3, 5].map((k) => parseInt(text.slice(k, k + 2), 16));
    let found = 0;
    for (let k = 0; k < data.length; k += 4) {
      if (data[k + 3] > 200 && goal.every((g, i) => Math.abs(data[k + i] - g) < 12)) ++found;
    }
    return found;
  }, [canvas, colour]);
}

/** A number that differs when a canvas' pixels do. */
export function picture(page, canvas) {
  return page.evaluate((selector) => {
    const c = document.querySelector(selector);
    const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height);
    let hash = 17;
    for (const byte of data) hash = (Math.imul(hash, 31) + byte) | 0;
    return hash;
  }, canvas);
}

/** The window's pixel of a point of the plane, from the ranges that the page says it shows. */
export async function pixelOf(page, x, y) {
  const box = await page.locator('#map').boundingBox();
  const text = (await page.locator('#view-text').textContent()).replace(/−/g, '-');
  const [x0, x1, y0, y1] = [...text.matchAll(/(-?\d+(?:\.\d+)?) to (-?\d+(?:\.\d+)?)/g)]
    .flatMap((match) => [Number(match[1]), Number(match[2])]);
  const plot = { left: 58, top: 12, width: box.width - 78, height: box.height - 58 };
  return [box.x + plot.left + ((x - x0) / (x1 - x0)) * plot.width,
    box.y + plot.top + ((y1 - y) / (y1 - y0)) * plot.height];
}
