// What a reader does with the page, in headless Chromium: node --test tests/page/viewer.test.mjs
// OPTEXPLORE names the tool, CHROMIUM the browser. Documents made by hand have values that the tests know.

import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bowlPage, browser, count, folder, open, picture, pixelOf, settle } from './browser.mjs';
import { bigDocument, bowl, oddDocument } from './documents.mjs';
import { configPage, fillTemplate, root, writePage } from './page.mjs';

const RED = '#d55e00';
const BLUE = '#0072b2';
const stepText = (page) => page.locator('#step').textContent();
const viewText = (page) => page.locator('#view-text').textContent();

test('starts with whole paths, at the last step, standing still', async (t) => {
  const page = await bowlPage(t);
  assert.equal(await stepText(page), '20');
  assert.equal(await page.title(), 'A bowl <b>& "friends"</b>');
  assert.equal(await page.locator('h1').textContent(), 'A bowl <b>& "friends"</b>');
  assert.ok(await count(page, '#map .paths', BLUE) > 200);
  assert.ok(await count(page, '#map .paths', RED) > 200);
  const before = await picture(page, '#map .paths');
  await page.waitForTimeout(300);
  assert.equal(await picture(page, '#map .paths'), before);
});

test('contour lines lie where the function has the level', async (t) => {
  const document = bowl();
  document.trajectories = [];
  document.levels = [4];
  const page = await open(t, writePage(folder, 'contour', document));
  const dark = async (x, y) => {
    const [px, py] = await pixelOf(page, x, y);
    return page.evaluate(([cx, cy]) => {
      const canvas = globalThis.document.querySelector('#map .base');
      const box = canvas.getBoundingClientRect();
      const { data } = canvas.getContext('2d').getImageData(cx - box.left - 3, cy - box.top - 3, 7, 7);
      const grey = [...data].filter((_, k) => k % 4 === 0);
      return Math.max(...grey) - Math.min(...grey);
    }, [px, py]);
  };
  // f = x² + y² is 4 on the circle of radius 2.
  for (const angle of [0.3, 1.2, 2.1, 4]) {
    assert.ok(await dark(2 * Math.cos(angle), 2 * Math.sin(angle)) > 15, `on the line at ${angle}`);
    assert.ok(await dark(1.2 * Math.cos(angle), 1.2 * Math.sin(angle)) < 10, `inside at ${angle}`);
    assert.ok(await dark(2.5 * Math.cos(angle), 2.5 * Math.sin(angle)) < 10, `outside at ${angle}`);
  }
});

test('play advances, pause stops, speed changes the pace', async (t) => {
  const page = await bowlPage(t);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('0.5');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.waitForTimeout(2000);
  await page.getByRole('button', { name: 'Pause' }).click();
  const slow = Number(await stepText(page));
  // 20 steps in 16 s at half speed: 2.5 in 2 s.
  assert.ok(slow >= 1 && slow <= 4, `step ${slow}`);
  await page.waitForTimeout(500);
  assert.equal(Number(await stepText(page)), slow);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('16');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.waitForTimeout(1200);
  assert.equal(await stepText(page), '20');
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();  // it stopped at the end
});

test('scrubbing changes text and pixels, and the same step is the same picture', async (t) => {
  const page = await bowlPage(t);
  const slider = page.getByRole('slider', { name: 'Step' });
  const full = await count(page, '#map .paths', BLUE);
  const end = await picture(page, '#map .paths');
  const chart = await picture(page, '#chart .top');
  await slider.fill('5');
  await settle(page);
  assert.equal(await stepText(page), '5');
  assert.equal(await slider.getAttribute('aria-valuetext'), 'step 5 of 20');
  assert.equal(await page.locator('#legend output').first().textContent(), '2.684');  // 25 · 0.8¹⁰
  const part = await count(page, '#map .paths', BLUE);
  assert.ok(part > 50 && part < 0.9 * full, `${part} of ${full}`);
  assert.notEqual(await picture(page, '#chart .top'), chart);
  await slider.fill('20');
  await settle(page);
  await page.keyboard.press('End');
  await settle(page);
  assert.equal(await picture(page, '#map .paths'), end);
});

test('hovering over a point tells its step, values and hyperparameters, here and in the chart', async (t) => {
  const page = await bowlPage(t);
  const tooltip = page.locator('#tooltip');
  const [x, y] = await pixelOf(page, -3 * 0.8 ** 2, 4 * 0.8 ** 2);  // row 2 of "decay"
  const chart = await picture(page, '#chart .top');
  await page.mouse.move(x, y);
  await settle(page);
  assert.equal(await tooltip.isVisible(), true);
  const words = await tooltip.innerText();
  const values = await tooltip.locator('dd').allTextContents();
  assert.deepEqual(await tooltip.locator('dt').allTextContents(), ['step', 'x', 'y', 'f', '|∇f|', 'rate']);
  assert.deepEqual(values, ['2', '−1.92', '2.56', '10.24', '6.4', '0.25']);
  assert.match(words, /decay/);
  assert.match(words, /lr 0\.1, betas \[0\.9, 0\.999\], plan 0\.1\*0\.5\^t/);
  assert.notEqual(await picture(page, '#chart .top'), chart);
  await page.mouse.move(x + 120, y - 60);
  await settle(page);
  assert.equal(await tooltip.isVisible(), false);
  // And from the chart into the map: the curve's first point.
  const map = await picture(page, '#map .top');
  const box = await page.locator('#chart').boundingBox();
  await page.mouse.move(box.x + 60, box.y + 20);
  await settle(page);
  assert.equal((await tooltip.locator('dd').allTextContents())[0], '0');
  assert.notEqual(await picture(page, '#map .top'), map);
});

test('a click in the chart goes to the step', async (t) => {
  const page = await bowlPage(t);
  const box = await page.locator('#chart').boundingBox();
  const middle = box.x + 58 + (box.width - 78) / 2;
  await page.mouse.click(middle, box.y + 100);
  await settle(page);
  assert.equal(await stepText(page), '10');
});

test('a click in the legend hides a path and its curve, another shows them again', async (t) => {
  const page = await bowlPage(t);
  const button = page.getByRole('button', { name: 'decay' });
  const [map, curve] = [await count(page, '#map .paths', BLUE), await count(page, '#chart .base', BLUE)];
  assert.ok(map > 0 && curve > 0);
  await button.click();
  await settle(page);
  assert.equal(await button.getAttribute('aria-pressed'), 'false');
  assert.equal(await count(page, '#map .paths', BLUE), 0);
  assert.equal(await count(page, '#map .top', BLUE), 0);
  assert.equal(await count(page, '#chart .base', BLUE), 0);
  assert.ok(await count(page, '#map .paths', RED) > 0);
  const [x, y] = await pixelOf(page, -3 * 0.8 ** 2, 4 * 0.8 ** 2);
  await page.mouse.move(x, y);
  await settle(page);
  assert.equal(await page.locator('#tooltip').isVisible(), false);
  await button.click();
  await settle(page);
  assert.equal(await button.getAttribute('aria-pressed'), 'true');
  assert.equal(await count(page, '#map .paths', BLUE), map);
});

test('the wheel zooms at the pointer, dragging moves, reset restores', async (t) => {
  const page = await bowlPage(t);
  const [home, pixels] = [await viewText(page), await picture(page, '#map .paths')];
  const [x, y] = await pixelOf(page, 2, 1);
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, -300);
  await settle(page);
  assert.notEqual(await viewText(page), home);
  const [zx, zy] = await pixelOf(page, 2, 1);
  assert.ok(Math.hypot(zx - x, zy - y) < 1.5, 'the point under the pointer stays');
  await page.mouse.down();
  await page.mouse.move(x + 40, y + 25, { steps: 3 });
  await page.mouse.up();
  await settle(page);
  const [mx, my] = await pixelOf(page, 2, 1);
  assert.ok(Math.hypot(mx - x - 40, my - y - 25) < 1.5, 'the point follows the pointer');
  await page.getByRole('button', { name: 'Reset view' }).click();
  await settle(page);
  assert.equal(await viewText(page), home);
  assert.equal(await picture(page, '#map .paths'), pixels);
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await page.getByRole('button', { name: 'Zoom out' }).click();
  await settle(page);
  assert.equal(await viewText(page), home);
});

test('linear and logarithmic axes', async (t) => {
  const page = await bowlPage(t);
  const chart = page.locator('#chart');
  assert.match(await chart.getAttribute('aria-label'), /^f by step.*logarithmic axis from 0\.0\d+ to/);
  const log = await picture(page, '#chart .base');
  await page.getByText('linear', { exact: true }).click();
  await settle(page);
  assert.match(await chart.getAttribute('aria-label'), /linear axis from −1\.2\d to 26\.2/);
  assert.notEqual(await picture(page, '#chart .base'), log);
  await page.getByRole('radio', { name: 'log' }).check({ force: true });
  await settle(page);
  assert.equal(await picture(page, '#chart .base'), log);
  await page.getByRole('combobox', { name: 'Column' }).selectOption('rate');
  await settle(page);
  assert.match(await chart.getAttribute('aria-label'), /^rate by step.*; linear axis/);
});

test('a function that reaches values below 0 is drawn above its minimum on a logarithmic axis', async (t) => {
  const document = bowl();
  document.function.minimum = -3;
  for (const trajectory of document.trajectories) trajectory.data.f = trajectory.data.f.map((f) => f - 3);
  const page = await open(t, writePage(folder, 'below', document));
  assert.match(await page.locator('#chart').getAttribute('aria-label'), /^f by step.*; linear axis/);
  await page.getByRole('radio', { name: 'log' }).check({ force: true });
  await settle(page);
  assert.match(await page.locator('#chart').getAttribute('aria-label'), /^f \+ 3 by step.*logarithmic axis from 0\.0/);
});

test('everything by keyboard', async (t) => {
  const page = await bowlPage(t);
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent);
  const order = [];
  for (let k = 0; k < 20; ++k) {
    await page.keyboard.press('Tab');
    const now = await focused();
    if (order.includes(now) || await page.evaluate(() => document.activeElement === document.body)) break;
    order.push(now);
    const seen = await page.evaluate(() => {
      const at = document.activeElement;
      const shown = at.matches('input[type=radio]') ? at.nextElementSibling : at;
      return getComputedStyle(shown).outlineStyle !== 'none';
    });
    assert.ok(seen, `focus on ${now} is visible`);
  }
  for (const id of ['dark', 'zoom-in', 'map', 'column', 'log', 'decay', 'play', 'slider', 'speed']) {
    assert.ok(order.includes(id), `Tab reaches ${id}: ${order}`);
  }
  await page.locator('#slider').focus();
  await page.keyboard.press('Home');
  await settle(page);
  assert.equal(await stepText(page), '0');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await settle(page);
  assert.equal(await stepText(page), '11');
  await page.keyboard.press('ArrowLeft');
  await settle(page);
  assert.equal(await stepText(page), '10');
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  const home = await viewText(page);
  await page.locator('#map').focus();
  const step = await stepText(page);
  await page.keyboard.press('ArrowRight');
  await settle(page);
  const panned = await viewText(page);
  assert.notEqual(panned, home);
  assert.equal(await stepText(page), step, 'arrows on the map leave the step alone');
  await page.keyboard.press('+');
  await settle(page);
  assert.notEqual(await viewText(page), panned);
  await page.keyboard.press('0');
  await settle(page);
  assert.equal(await viewText(page), home);
  await page.getByRole('button', { name: 'decay' }).focus();
  await page.keyboard.press('Space');
  await settle(page);
  assert.equal(await page.getByRole('button', { name: 'decay' }).getAttribute('aria-pressed'), 'false');
  assert.equal(await page.getByRole('button', { name: 'Play', exact: true }).count(), 1, 'space on a button is its own');
});

test('names and roles for screen readers, and the state said aloud', async (t) => {
  const page = await bowlPage(t);
  const tree = await page.locator('body').ariaSnapshot();
  for (const line of ['heading "A bowl', 'application "Contour map with the optimizers’ paths"', 'button "Dark colours"',
    'button "Play"', 'slider "Step"', 'combobox "Speed"', 'combobox "Column"', 'radio "log"', 'img "f by step',
    'button "decay" [pressed]', 'button "Zoom in"', 'group "Vertical axis"']) {
    assert.ok(tree.includes(line), `${line} in\n${tree}`);
  }
  // Nothing that takes the focus is without a name.
  const client = await page.context().newCDPSession(page);
  const { nodes } = await client.send('Accessibility.getFullAXTree');
  const nameless = nodes.filter((node) => !node.ignored && !node.name?.value &&
    ['button', 'slider', 'combobox', 'radio', 'application', 'img', 'MenuListPopup'].includes(node.role?.value) &&
    node.role.value !== 'MenuListPopup');
  assert.deepEqual(nameless, []);
  await page.locator('#slider').fill('5');
  await page.waitForTimeout(800);
  assert.equal(await page.locator('[aria-live=polite]').textContent(), 'Step 5 of 20: decay f 2.684; turn f 10.94');  // 14.24 · 0.974¹⁰
});

test('the table follows the step', async (t) => {
  const page = await bowlPage(t);
  await page.locator('#values summary').click();
  await page.locator('#slider').fill('2');
  await settle(page);
  assert.equal(await page.locator('#values caption').textContent(), 'Values at step 2');
  const cells = await page.getByRole('row', { name: /^decay/ }).getByRole('cell').allTextContents();
  assert.deepEqual(cells.slice(0, 6), ['2', '−1.92', '2.56', '10.24', '6.4', '0.25']);
});

test('light and dark: by the system, and by the button', async (t) => {
  const corner = (page) => page.evaluate(() => {
    const canvas = document.querySelector('#chart .base');
    return canvas.getContext('2d').getImageData(80, 30, 1, 1).data[0];
  });
  const light = await bowlPage(t);
  assert.equal(await corner(light), 255);
  const dark = await bowlPage(t, { colorScheme: 'dark' });
  assert.ok(await corner(dark) < 60);
  assert.equal(await dark.locator('#dark').getAttribute('aria-pressed'), 'true');
  await dark.locator('#dark').click();
  await settle(dark);
  assert.equal(await corner(dark), 255);
  assert.equal(await dark.locator('#dark').getAttribute('aria-pressed'), 'false');
  // Black would vanish on dark.
  const document = bowl();
  document.trajectories[0].color = '#000000';
  const page = await open(t, writePage(folder, 'black', document), { colorScheme: 'dark' });
  assert.equal(await count(page, '#map .paths', '#000000'), 0);
});

test('paper shows the whole map and chart, in light colours, and the page is as before', async (t) => {
  const page = await bowlPage(t, { colorScheme: 'dark' });
  const before = await picture(page, '#map .paths');
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  const found = await page.evaluate(async () => {
    const images = [...document.querySelectorAll('.canvas img')];
    await Promise.all(images.map((image) => image.decode()));
    return images.map((image) => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
      const c = canvas.getContext('2d');
      c.drawImage(image, 0, 0);
      const { data } = c.getImageData(0, 0, canvas.width, canvas.height);
      let [blue, white] = [0, 0];
      for (let k = 0; k < data.length; k += 4) {
        if (data[k] < 12 && Math.abs(data[k + 1] - 0x72) < 12 && Math.abs(data[k + 2] - 0xb2) < 12) ++blue;
        if (data[k] > 200 && data[k + 3] === 255) ++white;
      }
      return { blue, white };
    });
  });
  assert.equal(found.length, 2);
  for (const { blue, white } of found) assert.ok(blue > 200 && white > 20000, `${blue} ${white}`);
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await settle(page);
  assert.equal(await page.locator('.canvas img').count(), 0);
  assert.equal(await picture(page, '#map .paths'), before);
});

test('nothing moves between steps for who prefers reduced motion', async (t) => {
  const page = await bowlPage(t, { reducedMotion: 'reduce' });
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.waitForTimeout(600);
  const pictures = new Set();
  let steps = 0;
  for (let k = 0; k < 12; ++k) {
    const [step, seen] = [await stepText(page), await picture(page, '#map .top')];
    if (step === await stepText(page)) pictures.add(`${step} ${seen}`);
    steps = Math.max(steps, Number(step));
    await page.waitForTimeout(30);
  }
  const perStep = [...pictures].map((entry) => entry.split(' ')[0]);
  assert.equal(new Set(perStep).size, perStep.length, 'one picture per step');
  assert.ok(steps > 0);
});

test('narrow and wide windows: nothing sticks out', async (t) => {
  for (const width of [360, 768, 1600]) {
    const page = await bowlPage(t, { viewport: { width, height: 800 } });
    const sizes = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth,
      document.querySelector('#map').clientWidth, document.querySelector('#chart').clientWidth]);
    assert.ok(sizes[0] <= sizes[1], `${sizes[0]} at ${width}`);
    assert.ok(sizes[2] >= 300 && sizes[3] >= 300, `${sizes}`);
  }
});

test('diverged runs, single points, no grid, no trajectories', async (t) => {
  const page = await open(t, writePage(folder, 'odd', oddDocument()));
  assert.match(await page.locator('#legend').innerText(), /diverged at 4/);
  assert.ok(await count(page, '#map .paths', BLUE) > 100, 'the finite part is drawn');
  assert.equal(await page.locator('#legend output').first().textContent(), '');
  // The axis follows the runs that did not diverge.
  assert.match(await page.locator('#chart').getAttribute('aria-label'), /to \d+(\.\d+)?\. /);
  await page.locator('#values summary').click();
  await settle(page);
  assert.match(await page.locator('#values').innerText(), /not finite/);

  const still = { ...bowl(), grid: null, levels: [] };
  still.trajectories = [{ ...still.trajectories[0], steps: 0,
    data: Object.fromEntries(Object.entries(still.trajectories[0].data).map(([name, v]) => [name, v.slice(0, 1)])) }];
  const one = await open(t, writePage(folder, 'one', still));
  assert.equal(await one.getByRole('button', { name: 'Play', exact: true }).isDisabled(), true);
  assert.ok(await count(one, '#map .top', BLUE) > 20);

  const none = await open(t, writePage(folder, 'none', { ...bowl(), trajectories: [] }));
  assert.equal(await stepText(none), '0');
});

test('data that cannot be read says so', async (t) => {
  const path = join(folder, 'broken.html');
  writeFileSync(path, fillTemplate(bowl()).replace('"trajectories":', '"other":'));
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`file://${path}`);
  assert.match(await page.getByRole('alert').innerText(), /can't show its data/);
});

test('ten optimizers of 10 000 steps: fluid, and less than 5 MB', async (t) => {
  const path = writePage(folder, 'big', bigDocument());
  const size = statSync(path).size;
  const page = await open(t, path);
  await page.evaluate(() => {
    window.frames_.length = 0;
  });
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.waitForTimeout(3000);
  const frames = await page.evaluate(() => window.frames_);
  await page.getByRole('button', { name: 'Pause' }).click();
  const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
  const took = frames.map((frame) => frame.took);
  const between = frames.slice(1).map((frame, k) => frame.now - frames[k].now);
  t.diagnostic(`${frames.length} frames in 3 s: script ${median(took).toFixed(2)} ms (median), ` +
    `${Math.max(...took).toFixed(1)} ms (most); ${median(between).toFixed(1)} ms apart; file ${(size / 1e6).toFixed(2)} MB`);
  assert.ok(median(took) < 8, `${median(took)} ms`);
  assert.ok(frames.length > 30, `${frames.length} frames`);
  assert.ok(Number((await stepText(page)).replace(/\D/g, '')) > 1000);
  assert.ok(size < 5e6, `${size} bytes`);
  // Back and forth, and zoomed: whole paths are stroked again.
  const jumps = async (act) => {
    await page.evaluate(() => {
      window.frames_.length = 0;
    });
    for (let k = 0; k < 10; ++k) await act(k);
    await settle(page);
    return median((await page.evaluate(() => window.frames_)).filter(({ took: ms }) => ms > 0.2).map(({ took: ms }) => ms));
  };
  const scrub = await jumps(async (k) => page.locator('#slider').fill(String(9500 - 900 * k)));
  await page.locator('#slider').fill('10000');
  const box = await page.locator('#map').boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const zoom = await jumps(() => page.mouse.wheel(0, -40));
  t.diagnostic(`script per frame, scrubbing back ${scrub.toFixed(1)} ms, zooming ${zoom.toFixed(1)} ms`);
  assert.ok(scrub < 50 && zoom < 80);
});

test('the tool’s own runs of configs/book.json', async (t) => {
  const path = configPage(folder, 'book', join(root, 'configs', 'book.json'));
  const page = await open(t, path);
  assert.deepEqual(await page.locator('#legend .label').allTextContents(), ['SGD', 'Momentum', 'AdaGrad', 'RMSProp', 'Adam']);
  await page.locator('#values summary').click();
  await page.locator('#slider').fill('1');
  await settle(page);
  const sgd = await page.getByRole('row', { name: /^SGD/ }).getByRole('cell').allTextContents();
  assert.deepEqual(sgd.slice(0, 4), ['1', '−6.335', '−1.8', '5.24661']);
});

test('a function of one coordinate: its graph, in its own scale', async (t) => {
  const config = join(folder, 'graph.json');
  writeFileSync(config, JSON.stringify({ function: 'f(x) = x^4 - 3*x^2 + x', start: [1.9], steps: 20,
    optimizers: [{ type: 'sgd', lr: 0.01 }, { type: 'sgd', lr: 0.05, label: 'fast' }] }));
  const page = await open(t, configPage(folder, 'graph', config));
  // The text stands for the title, and once.
  assert.equal(await page.locator('h1').textContent(), 'f(x) = x^4 - 3*x^2 + x');
  assert.equal(await page.locator('#formula').textContent(), '');
  // The axis holds the curve between the paths and not what lies beyond the picture.
  const [, low, high] = /f from (−?\d+(?:\.\d+)?) to (−?\d+(?:\.\d+)?)/.exec(await viewText(page)).map((v) => Number(v.replace('−', '-')));
  assert.ok(low < -1.1 && low > -3 && high > 4.1 && high < 7, `${low} … ${high}`);
  const line = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--muted').trim());
  assert.ok(await count(page, '#map .base', line) > 500, 'the curve is drawn');
  const [x, y] = await pixelOf(page, 1.5, 3);
  await page.mouse.move(x, y);
  await settle(page);
  assert.match(await page.locator('#pointer').textContent(), /^x \S+, f ≈ \S+$/);
  await page.locator('#values summary').click();
  await settle(page);
  assert.deepEqual((await page.locator('#values thead th').allTextContents()).slice(0, 4), ['optimizer', 'step', 'x', 'f']);
});

test('many runs: an entry for each optimizer, and the map stays on the first screen', async (t) => {
  const config = join(folder, 'many.json');
  const lr = Array.from({ length: 18 }, (_, k) => 0.05 * (k + 1));
  writeFileSync(config, JSON.stringify({ function: 'book', start: { normal: [[-5, 1], [1, 0.5]], count: 25 },
    steps: 30, optimizers: [{ type: 'sgd', lr: 0.5 }, { type: 'adam', lr: 0.3 }] }));
  const page = await open(t, configPage(folder, 'many', config));
  assert.deepEqual(await page.locator('#legend .label').allTextContents(), ['sgd', 'adam']);
  assert.deepEqual(await page.locator('#legend .status').allTextContents(), ['25 runs', '25 runs']);
  assert.match(await page.locator('#legend output').first().textContent(), /^[\d.e−]+$/);
  const blue = await count(page, '#map .paths', BLUE);
  await page.getByRole('button', { name: 'sgd' }).click();
  await settle(page);
  assert.ok(blue > 300);
  assert.equal(await count(page, '#map .paths', BLUE), 0);
  assert.match(await page.evaluate(() => document.querySelector('#map').getAttribute('aria-label')), /paths/);

  writeFileSync(config, JSON.stringify({ function: 'book', steps: 30, optimizers: [{ type: 'sgd', lr }, { type: 'adam', lr: [0.1, 0.2, 0.3, 0.4] }] }));
  for (const width of [1280, 1600]) {
    const many = await open(t, configPage(folder, 'settings', config), { viewport: { width, height: 800 } });
    assert.equal(await many.locator('#legend li').count(), 22);
    const box = await many.locator('#map').boundingBox();
    assert.ok(box.y >= 0 && box.y + box.height <= 800, `the map ends at ${box.y + box.height}`);
    const list = await many.locator('#legend').boundingBox();
    assert.ok(list.y + list.height <= 800, `the legend ends at ${list.y + list.height}`);
    // The list scrolls in itself.
    assert.ok(await many.evaluate(() => {
      const legend = document.querySelector('#legend');
      return legend.scrollHeight > legend.clientHeight;
    }));
  }
});
