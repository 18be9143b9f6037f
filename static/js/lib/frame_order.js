// The numbers of one answer's frames: which to apply, which to drop, and whether some were lost.
// Pure.
export const APPLY = "apply";
export const DROP = "drop";
export const GAP = "gap";

export class FrameOrder {
  constructor(last = 0) {
    this.last = last;
  }

  // Return APPLY, DROP or GAP for the patch of number `s`. A patch to apply counts as applied.
  accept(s) {
    if (s <= this.last) return DROP;
    if (s > this.last + 1) return GAP;
    this.last = s;
    return APPLY;
  }

  // Take over a snapshot of everything up to `s`. Returns false if it is older than what is shown.
  restart(s) {
    if (s < this.last) return false;
    this.last = s;
    return true;
  }

  // Whether the server has sent more than has arrived.
  isBehind(s) {
    return s > this.last;
  }
}
