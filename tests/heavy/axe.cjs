// Opens each page given in Chromium, in light and in dark colours, on screens of 320, 768 and 1280 pixels: axe-core must find no
// violation (WCAG 2.2, A and AA, and good practice), nothing may be fetched, nothing may be off the screen (1.4.10), and words in
// charts are 9 pixels high or more. Then the keyboard alone must reach every control and choose rows of tables, and on paper all
// rows show, in light colours.
const { chromium } = require('playwright-core');
const { pathToFileURL } = require('node:url');

const WIDTHS = [320, 768, 1280];
const SCHEMES = ['light', 'dark'];

async function axe(page, where, faults) {
  const options = { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } };
  const { violations, passes } = await page.evaluate((options) => axe.run(document, options), options);
  for (const v of violations) {
    const nodes = v.nodes.slice(0, 3).map((node) => node.html.slice(0, 200));
    faults.push(`${where}: ${v.id} (${v.impact}): ${v.help}, ${v.nodes.length} times, such as ${nodes.join(' … ')}`);
  }
  if (passes.length < 10) faults.push(`${where}: axe only looked at ${passes.length} rules`);
}

// What does not fit a screen, and words of charts that are too small.
function misfits(narrow) {
  const told = [];
  const beyond = document.documentElement.scrollWidth - window.innerWidth;
  if (beyond > 0) told.push(`${beyond} pixels beyond the screen`);
  if (narrow) {
    const scrolls = [...document.querySelectorAll('.scroll,.held')].filter((box) => box.scrollWidth > box.clientWidth + 1);
    if (scrolls.length > 0) told.push(`${scrolls.length} tables scroll, such as ${scrolls[0].textContent.slice(0, 80)}`);
  }
  const shown = [...document.querySelectorAll('figure svg')].filter((svg) => svg.getClientRects().length > 0);
  if (shown.length !== document.querySelectorAll('figure').length) told.push(`${shown.length} charts show`);
  for (const svg of shown) {
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    const sizes = [...svg.querySelectorAll('text')].map((text) => parseFloat(getComputedStyle(text).fontSize) * scale);
    if (Math.min(...sizes) < 9) told.push(`words of ${Math.min(...sizes)} pixels in a chart`);
  }
  return told;
}

// Goes through the page with the tab key, and tells what that never reached.
async function keyboard(page, faults) {
  const count = await page.evaluate(() => {
    // What lies folded has its place and is not there.
    const all = [...document.querySelectorAll('a[href],summary,input,[tabindex="0"]')].filter((of) => of.checkVisibility());
    // Of a group of buttons the one that is chosen stands for all: arrow keys lead on.
    const stops = all.filter((of) => of.type !== 'radio' || of.checked);
    stops.forEach((of) => of.setAttribute('data-stop', ''));
    return stops.length;
  });
  let dim = 0;
  for (let i = 0; i < count + 20; i += 1) {
    await page.keyboard.press('Tab');
    dim += await page.evaluate(() => {
      const at = document.activeElement;
      at.removeAttribute('data-stop');
      return at !== document.body && getComputedStyle(at).outlineStyle === 'none' ? 1 : 0;
    });
  }
  const missed = await page.evaluate(() => [...document.querySelectorAll('[data-stop]')].map((of) => of.outerHTML.slice(0, 120)));
  if (missed.length > 0) faults.push(`the tab key never reached ${missed.length} of ${count}, such as ${missed[0]}`);
  if (dim > 0) faults.push(`${dim} controls do not show that they have the focus`);
}

// Chooses each status of each table with the arrow keys: as many rows show as the label says.
async function choices(page, faults) {
  const rows = (choice) => choice.evaluate((of) => [...of.querySelectorAll('tr.row')].filter((row) => row.getClientRects().length > 0).length);
  for (const choice of await page.$$('.choice')) {
    await (await choice.$('input:checked')).focus();
    const buttons = (await choice.$$('input')).length;
    for (let i = 0; i < buttons; i += 1) {
      const label = await choice.evaluate((of) => of.querySelector('input:checked').parentElement.textContent);
      const said = Number(/\((\d+) rows?\)/.exec(label)[1]);
      const shown = await rows(choice);
      if (shown !== said || said === 0) faults.push(`"${label}" shows ${shown} rows`);
      if (i + 1 < buttons) await page.keyboard.press('ArrowDown');
    }
    // On paper nothing is left out.
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const all = Number(/\((\d+) rows?\)/.exec(await choice.evaluate((of) => of.querySelector('label').textContent))[1]);
    if ((await rows(choice)) !== all) faults.push('a row that was not chosen is not printed');
    if (await (await choice.$('fieldset')).isVisible()) faults.push('buttons are printed');
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
  }
}

async function paper(page, faults) {
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const ground = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  if (ground !== 'rgb(255, 255, 255)') faults.push(`paper is ${ground}`);
  const folded = await page.evaluate(() => [...document.querySelectorAll('details table')].filter((of) => !of.checkVisibility({ contentVisibilityAuto: true })).length);
  if (folded > 0) faults.push(`${folded} tables stay folded on paper`);
}

async function check(browser, file) {
  const faults = [];
  // The page's own policy forbids scripts; axe is one.
  const page = await browser.newPage({ bypassCSP: true });
  const fetched = [];
  page.on('request', (request) => fetched.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  await page.addScriptTag({ path: require.resolve('axe-core/axe.min.js') });
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      const where = `${width} pixels, ${colorScheme}`;
      await axe(page, where, faults);
      const told = await page.evaluate(misfits, width === 320);
      faults.push(...told.map((fault) => `${where}: ${fault}`));
    }
  }
  const others = fetched.slice(1).filter((url) => !url.startsWith('data:'));
  if (others.length > 0) faults.push(`fetched ${others.join(', ')}`);
  await page.emulateMedia({ colorScheme: 'light' });
  await keyboard(page, faults);
  await choices(page, faults);
  await paper(page, faults);
  await page.close();
  return faults.map((fault) => `${file}: ${fault}`);
}

(async () => {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });
  const faults = [];
  for (const file of process.argv.slice(2)) faults.push(...(await check(browser, file)));
  await browser.close();
  faults.forEach((fault) => console.log(fault));
  process.exitCode = faults.length > 0 ? 1 : 0;
})();
