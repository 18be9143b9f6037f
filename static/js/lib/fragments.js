// Pieces of the thread, fetched one after the other: what is asked for later is shown later.
import { parse } from "lib/dom";
import { getHtml } from "lib/http";

// A server that restarts is back within seconds; after that the socket's hello asks anew.
const PAUSES = [500, 1_500, 4_000];

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

async function load(url) {
  for (const time of PAUSES) {
    const html = await getHtml(url).catch(() => null);
    if (html !== null) return parse(html);
    await pause(time);
  }
  return null;
}

export class Fragments {
  #last = Promise.resolve();
  #waiting = new Map();

  // Load `url` after what was asked for before, and give it to `show`; once for many askings, of
  // which the last knows most: it may be the one that announces an end.
  show(url, show) {
    const isWaiting = this.#waiting.has(url);
    this.#waiting.set(url, show);
    if (isWaiting) return;
    this.#last = this.#last.then(async () => {
      const last = this.#waiting.get(url);
      this.#waiting.delete(url);
      const fragment = await load(url);
      // What goes wrong in one must not keep the next from being shown.
      if (fragment) queueMicrotask(() => last(fragment));
    });
  }
}
