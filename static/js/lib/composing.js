// Tell whether an Enter belongs to an input method, as for Chinese, that is choosing characters.
// Safari sends that keydown after compositionend, so the key counts as the method's for GRACE
// milliseconds more. The keyCode 229 is no sign of it, because Chrome on macOS sets it for later
// keys too.
const GRACE = 50;

export class Composing {
  #endedAt = -Infinity;

  // `target` is a field, or the document for all fields.
  constructor(target) {
    target.addEventListener("compositionend", ({ timeStamp }) => {
      this.#endedAt = timeStamp;
    });
    target.addEventListener("keyup", () => {
      this.#endedAt = -Infinity;
    });
  }

  owns(event) {
    return event.isComposing || event.timeStamp - this.#endedAt < GRACE;
  }
}
