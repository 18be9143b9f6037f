// Tells whether the user is scrolling: by wheel, touch, scroll bar or key, now or a moment ago.
const MOMENT_MS = 1_000;
const KEYS = ["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " "];
const isField = (element) => element.matches?.("input, textarea, select, [contenteditable]");

export class ScrollingHand {
  #last = Number.NEGATIVE_INFINITY;
  #isDown = false;

  constructor(scroller, signal) {
    const options = { passive: true, signal };
    const note = () => {
      this.#last = performance.now();
    };
    for (const name of ["wheel", "touchmove"]) scroller.addEventListener(name, note, options);
    // A drag of the scroll bar begins on the scroller and may end anywhere.
    scroller.addEventListener("pointerdown", () => this.#press(true), options);
    for (const name of ["pointerup", "pointercancel"])
      addEventListener(name, () => this.#isDown && this.#press(false), options);
    addEventListener(
      "keydown",
      ({ key, target }) => KEYS.includes(key) && !isField(target) && note(),
      options,
    );
  }

  get isAtWork() {
    return this.#isDown || performance.now() - this.#last < MOMENT_MS;
  }

  #press(isDown) {
    this.#isDown = isDown;
    this.#last = performance.now();
  }
}
