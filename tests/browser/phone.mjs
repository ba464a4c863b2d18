// A browser with a phone's screen, and what a person does on it. Whatever the page must never do is noted on the way.
import assert from 'node:assert/strict';
import {mkdirSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';

const packages = process.env.POSTHORN_BROWSER_PACKAGES;
let playwright;
try {
  playwright = createRequire(join(packages, 'package.json'))('playwright-core');
} catch {
  throw new Error('`./dev test` fetches the packages that the browser tests need');
}
const axe = readFileSync(join(packages, 'node_modules/axe-core/axe.min.js'), 'utf8');
export const step_ms = 15000;

// With POSTHORN_SCREENSHOTS=docs/assess, the screens that docs/assessment-page.md shows are kept as pictures.
const pictures_folder = process.env.POSTHORN_SCREENSHOTS;
const pictures = new Set(['welcome', 'decline', 'question', 'question-answered', 'no-connection', 'welcome-back', 'review',
  'warning', 'incomplete', 'complete', 'short-time', 'expired', 'invalid-link'].map((name) => `${name}-light`).concat(
  ['welcome-dark', 'question-answered-dark', 'exit-dark', 'warning-dark', 'complete-dark', 'question-wide']));

export function start_browser() {
  return playwright.chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--disable-lcd-text', ...(process.getuid() === 0 ? ['--no-sandbox'] : [])],
  });
}

export class Phone {
  /** A device of its own: nothing is stored on it yet. */
  static async make(browser, origin, more = {}) {
    const made = new Phone();
    made.may_visit = [origin];
    made.faults = [];
    made.context = await browser.newContext({viewport: {width: 390, height: 844}, isMobile: true, hasTouch: true, ...more});
    made.context.setDefaultTimeout(step_ms);
    made.context.on('request', (request) => {
      const {origin: to, protocol} = new URL(request.url());
      if (protocol !== 'data:' && !made.may_visit.includes(to)) made.faults.push(`left its origin: ${request.url()}`);
    });
    return made;
  }

  /** Opens `url` in a new tab, and waits for its first heading. */
  async open(url) {
    this.page = await this.context.newPage();
    this.page.on('pageerror', (error) => this.faults.push(error.stack));
    this.page.on('console', (message) => {
      if (message.type() === 'error' && !this.is_expected(message)) this.faults.push(message.text());
    });
    await this.page.goto(url);
    await this.page.locator('h1').waitFor();
    return this.page;
  }

  // Chromium reports every failed call as an error of its own: only those that a test brings about are none.
  is_expected(message) { return (this.expected || []).some((part) => message.text().includes(part)); }

  /** Failures of calls that the test brings about, by a part of what Chromium says of them. */
  expect_failures(...parts) { this.expected = parts; }

  heading() { return this.page.locator('h1').innerText(); }
  button(name) { return this.page.getByRole('button', {name, exact: true}); }
  tap(name) { return this.button(name).tap(); }

  /** Until the page's title begins so: "Question 3 of", "Review", "Thank you". */
  title(begins) {
    return this.page.waitForFunction((wanted) => document.title.startsWith(wanted), begins, {timeout: step_ms});
  }

  async accept() {
    await this.tap('Accept and begin');
    await this.title('Question 1 of');
  }

  /** Taps the `choice`th answer of question `number`, and is taken to `then`. */
  async answer(number, choice, then = `Question ${number + 1} of`) {
    await this.title(`Question ${number} of`);
    await this.page.locator('.option').nth(choice - 1).tap();
    await this.title(then);
  }

  saved(text) { return this.page.locator('.saved', {hasText: text}).waitFor(); }

  async shut() { await this.page.close(); }

  /** The page ends without a last word. */
  async die() {
    const devtools = await this.context.newCDPSession(this.page);
    const crashed = this.page.waitForEvent('crash');
    devtools.send('Page.crash').catch(() => {});
    await crashed;
    await this.page.close();
  }

  /** What is shown now, as the screen `name`: axe finds nothing to say about it. */
  async see(name) {
    // What fades in has not its colours yet.
    await this.page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished)));
    const found = await this.page.evaluate(`${axe}; axe.run().then((result) => result.violations.map((one) =>
      one.id + ': ' + one.nodes.map((node) => node.target.join(' ')).join(', ')))`);
    assert.deepEqual(found, [], `on ${name}`);
    if (!pictures_folder || !pictures.has(name)) return;
    mkdirSync(pictures_folder, {recursive: true});
    await this.page.screenshot({path: join(pictures_folder, `${name}.png`)});
  }

  async end() {
    await this.context.close();
    assert.deepEqual(this.faults, []);
  }
}
