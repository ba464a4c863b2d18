// A browser with the console, and what a person does there. Whatever the page must never do is noted on the way.
import assert from 'node:assert/strict';
import {mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

const axe = readFileSync(join(process.env.POSTHORN_BROWSER_PACKAGES, 'node_modules/axe-core/axe.min.js'), 'utf8');
const step_ms = 20000;

// With POSTHORN_SCREENSHOTS=docs/console, what docs/console.md shows is kept as pictures.
const pictures_folder = process.env.POSTHORN_SCREENSHOTS;
const pictured_widths = [1440, 390];

export class Operator {
  /** `cookie` is of a member, or null; `more` are settings of the browser: its screen, its colours. */
  static async make(browser, origin, cookie = null, more = {}) {
    const made = new Operator();
    made.origin = origin;
    made.faults = [];
    made.context = await browser.newContext({viewport: {width: 1440, height: 900}, locale: 'en-GB', timezoneId: 'Africa/Nairobi', ...more});
    made.context.setDefaultTimeout(step_ms);
    if (cookie) await made.context.addCookies([cookie]);
    made.context.on('request', (request) => {
      const {origin: to, protocol} = new URL(request.url());
      if (protocol !== 'data:' && to !== origin) made.faults.push(`left its origin: ${request.url()}`);
    });
    made.page = await made.context.newPage();
    made.page.on('pageerror', (error) => made.faults.push(error.stack));
    made.page.on('console', (message) => {
      const is_expected = (made.expected || []).some((part) => message.text().includes(part));
      if (message.type() === 'error' && !is_expected) made.faults.push(`${message.text()} (${message.location().url})`);
    });
    return made;
  }

  /** Failures of calls that the test brings about, by a part of what Chromium says of them. */
  expect_failures(...parts) { this.expected = parts; }

  /** Opens a place within the console, and waits until it is there. */
  async open(place, title) {
    await this.page.goto(`${this.origin}/console${place}`);
    await this.title(title);
  }

  /** Opens a link as from a mail: anew, even where only what stands behind the "#" differs. */
  async visit(link) {
    await this.page.goto('about:blank');
    await this.page.goto(link);
  }

  async title(text) { await this.page.locator('h1', {hasText: text}).first().waitFor(); }

  button(name) { return this.page.getByRole('button', {name, exact: true}); }
  press(name) { return this.button(name).first().click(); }
  follow(name) { return this.page.getByRole('link', {name, exact: true}).first().click(); }
  fill(label, text) { return this.page.getByLabel(label, {exact: true}).fill(text); }
  /** In the dialog that is open. */
  confirm(name) { return this.page.getByRole('dialog').getByRole('button', {name, exact: true}).click(); }
  text(wanted) { return this.page.getByText(wanted).first().waitFor(); }

  /** What is shown now, as the page `name`: it fits the screen, and axe finds nothing serious in it. */
  async see(name) {
    await this.page.locator('[aria-label=Loading]').first().waitFor({state: 'hidden'});
    await this.#rest();
    const {width, height} = this.page.viewportSize();
    const beyond = await this.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(beyond <= 0, `${name} is ${beyond} px too wide at ${width}`);
    const found = await this.page.evaluate(`${axe}; axe.run().then((result) => result.violations
      .filter((one) => one.impact === 'serious' || one.impact === 'critical')
      .map((one) => one.id + ': ' + one.nodes.map((node) => node.target.join(' ')).slice(0, 4).join(', ')))`);
    assert.deepEqual(found, [], `on ${name} at ${width}`);
    if (!pictures_folder || !pictured_widths.includes(width)) return;
    mkdirSync(pictures_folder, {recursive: true});
    // As tall as the page: what sticks to the window's edge would else be in its middle.
    await this.page.setViewportSize({width, height: await this.page.evaluate(() => document.documentElement.scrollHeight)});
    await this.#rest();
    await this.page.screenshot({path: join(pictures_folder, `${name}-${width}.png`)});
    await this.page.setViewportSize({width, height});
  }

  /** Until nothing moves any more. */
  #rest() {
    return this.page.evaluate(() => new Promise((then) => { requestAnimationFrame(then); })
      .then(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {})))));
  }

  /** Names of the buttons and fields on this page, beside the frame around it and forms that are locked as a whole. */
  async controls() {
    await this.page.locator('[aria-label=Loading]').first().waitFor({state: 'hidden'});
    const found = this.page.locator('main').locator('button, [role=button], [role=menuitem], input, select, textarea');
    return found.evaluateAll((all) => all
      .filter((one) => one.checkVisibility() && !one.matches('fieldset:disabled *, [aria-hidden=true], [readonly]:not([aria-haspopup])'))
      .map((one) => one.getAttribute('aria-label') || one.labels?.[0]?.innerText || one.innerText || one.placeholder || one.outerHTML));
  }

  async end() {
    await this.context.close();
    assert.deepEqual(this.faults, []);
  }
}
