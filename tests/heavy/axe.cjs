// Opens each page given in Chromium: axe-core must find no violation, nothing may be fetched, and the page must not scroll
// sideways on a screen of 320 pixels (WCAG 2.1, 1.4.10).
const { chromium } = require('playwright-core');
const { pathToFileURL } = require('node:url');

async function check(browser, file) {
  // The page's own policy forbids scripts; axe is one.
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, bypassCSP: true });
  const fetched = [];
  page.on('request', (request) => fetched.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  await page.addScriptTag({ path: require.resolve('axe-core/axe.min.js') });
  const { violations, passes } = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
  const faults = violations.map((v) => {
    const where = v.nodes.slice(0, 3).map((node) => node.html.slice(0, 200));
    return `${v.id} (${v.impact}): ${v.help}, ${v.nodes.length} times, such as ${where.join(' … ')}`;
  });
  if (passes.length < 10) faults.push(`axe only looked at ${passes.length} rules`);
  const others = fetched.slice(1).filter((url) => !url.startsWith('data:'));
  if (others.length > 0) faults.push(`fetched ${others.join(', ')}`);
  await page.setViewportSize({ width: 320, height: 700 });
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (beyond > 0) faults.push(`${beyond} pixels beyond a screen of 320`);
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
