// What the tests of one file share: a platform and a browser, there before the first of them and gone after the last.
import {after, before} from 'node:test';

import {start_browser} from './phone.mjs';
import {Platform} from './platform.mjs';

/** `make` takes {platform, browser} and prepares what else is needed; `flags` gives more flags of `posthorn serve`. */
export function on_stage(make, flags = () => []) {
  let platform;
  let browser;
  before(async () => {
    platform = await Platform.start(await flags());
    browser = await start_browser();
    await make({platform, browser});
  });
  after(async () => {
    await browser?.close();
    await platform?.stop();
  });
}
