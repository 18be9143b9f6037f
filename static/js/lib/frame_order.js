// The numbers of one answer's frames: which to apply, which is old, and whether some were lost. Pure.
export const APPLY = "apply";
export const DROP = "drop";
export const GAP = "gap";

export class FrameOrder {
  constructor(last = 0) {
    this.last = last;
  }

  // What to do with the patch numbered `s`; a patch to apply counts as applied.
  accept(s) {
    if (s <= this.last) return DROP;
    if (s > this.last + 1) return GAP;
    this.last = s;
    return APPLY;
  }

  // A snapshot holds everything up to `s`. False when it is older than what is shown.
  restart(s) {
    if (s < this.last) return false;
    this.last = s;
    return true;
  }

  // Whether the server has sent more than arrived.
  isBehind(s) {
    return s > this.last;
  }
}
