// Ask for snapshots after frames were lost, but not again until they arrive or two seconds have
// passed.
import { live } from "lib/live";

const ASK_AGAIN_AFTER = 2_000;

export class Resync {
  #askedAt = -Infinity;

  ask() {
    if (performance.now() - this.#askedAt < ASK_AGAIN_AFTER) return;
    this.#askedAt = performance.now();
    live().send({ t: "resync" });
  }

  answered() {
    this.#askedAt = -Infinity;
  }
}
