// A real mail server on a port of its own, and the mails that it took.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';

import {until} from './platform.mjs';

const program = fileURLToPath(new URL('../support/mail_receiver.py', import.meta.url));

export class Mails {
  static async start() {
    const made = new Mails();
    made.waiting = [];
    made.process = spawn('/usr/bin/python3', ['-B', program], {stdio: ['ignore', 'pipe', 'inherit']});
    made.exited = once(made.process, 'exit');
    made.lines = createInterface({input: made.process.stdout});
    const [port] = await once(made.lines, 'line');
    made.flags = ['--smtp-url', `smtp://127.0.0.1:${port}`, '--smtp-from', 'posthorn@acme.example', '--smtp-without-tls'];
    made.lines.on('line', (line) => {
      made.waiting.push(JSON.parse(line));
      made.lines.emit('change');
    });
    return made;
  }

  /** The link to the console's `page` in the next mail, which is to `address`. */
  async link_to(page, address) {
    const {to, text} = await until(() => this.waiting.shift(), {emitter: this.lines, what: `a mail to ${address}`});
    const [link] = new RegExp(`http://\\S+/console/${page}#\\S+`).exec(text) ?? [];
    if (to !== address || !link) throw new Error(`instead of a link to ${page} for ${address}, ${to} got: ${text}`);
    return link;
  }

  async stop() {
    this.process.kill('SIGTERM');
    await this.exited;
  }
}
