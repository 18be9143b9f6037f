// Fetch fragments of the thread one after the other, so that they are shown in the order of the
// requests.
import { parse } from "lib/dom";
import { getHtml } from "lib/http";

// The pauses before the attempts after a failure, in milliseconds. A server that restarts is back
// within seconds; if it takes longer, the next greeting of the socket makes the thread load anew.
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

  // Load `url` after the earlier requests, and call `show` with the fragment. A request for a URL
  // that waits already replaces its `show`, because the last one may be the one that announces an
  // end.
  show(url, show) {
    const isWaiting = this.#waiting.has(url);
    this.#waiting.set(url, show);
    if (isWaiting) return;
    this.#last = this.#last.then(async () => {
      const last = this.#waiting.get(url);
      this.#waiting.delete(url);
      const fragment = await load(url);
      // In a task of its own, because an error in one must not stop the next.
      if (fragment) queueMicrotask(() => last(fragment));
    });
  }
}
