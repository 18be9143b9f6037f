// The requests of the palette: they wait until typing pauses, and only the newest one counts,
// because responses may arrive in any order.
import { getHtml } from "lib/http";

const PAUSE = 150;

export class PaletteSearch {
  #url;
  #show;
  #timer = 0;
  #requested = "";
  #shown = "";

  // `url` returns the address for what is typed now; `show` gets its HTML, or null after a failure.
  constructor(url, show) {
    this.#url = url;
    this.#show = show;
  }

  get isShown() {
    return this.#shown === this.#url();
  }

  // Request the options anew although the same words may have been searched before.
  restart() {
    this.#shown = "";
    this.load();
  }

  later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.load(), PAUSE);
  }

  async load() {
    clearTimeout(this.#timer);
    const url = this.#url();
    this.#requested = url;
    const html = await getHtml(url).catch(() => null);
    if (this.#requested !== url) return;
    this.#show(html);
    if (html !== null) this.#shown = url;
  }

  stop() {
    clearTimeout(this.#timer);
  }
}
