// Whether an Enter belongs to an input method that is choosing characters (DESIGN § 4.7).
// Safari sends the keydown after compositionend; keyCode 229 is no sign, Chrome on macOS keeps it.
const GRACE = 50;

export class Composing {
  #endedAt = -Infinity;

  // `target`: a field, or the document for all of them.
  constructor(target) {
    target.addEventListener("compositionend", ({ timeStamp }) => (this.#endedAt = timeStamp));
    target.addEventListener("keyup", () => (this.#endedAt = -Infinity));
  }

  owns(event) {
    return event.isComposing || event.timeStamp - this.#endedAt < GRACE;
  }
}
