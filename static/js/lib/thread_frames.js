// The frames of one conversation (docs/protocol.md), applied to the thread that shows it.
import { live } from "lib/live";
import { Resync } from "lib/resync";

const FRAMES = ["hello", "snapshot", "patch", "status", "final", "branch", "heartbeat"];

export class ThreadFrames {
  #conversation;
  #thread;
  #answers;
  #ended;
  #resync = new Resync();
  // Each greeting after the first means that frames were lost, also those of answers that ended.
  #wasGreeted = live().isOpen;

  // The frames are for the `thread` and the `answers` that the page shows. `ended` gets the message
  // id and the status of each answer that ends.
  constructor({ conversation, thread, answers }, ended, until) {
    this.#conversation = conversation;
    this.#thread = thread;
    this.#answers = answers;
    this.#ended = ended;
    for (const name of FRAMES)
      live().addEventListener(name, ({ detail }) => this.#receive(detail), until);
  }

  // Ask for the frames of the answers that are shown now.
  subscribe() {
    const { sequences } = this.#answers;
    live().send({ t: "subscribe", conversation: this.#conversation, seq: sequences });
  }

  // Frames of the conversation that was open before may still arrive; they are not for this thread.
  #receive(frame) {
    if (frame.c === undefined || frame.c === this.#conversation) this[frame.t](frame);
  }

  hello() {
    this.subscribe();
    if (this.#wasGreeted) this.#thread.refresh();
    this.#wasGreeted = true;
  }

  // A snapshot of an answer that is not shown belongs to a branch that was left.
  snapshot(frame) {
    this.#resync.answered();
    this.#answers.get(frame.g)?.snapshot(frame);
  }

  patch(frame) {
    if (this.#answers.get(frame.g)?.patch(frame) === false) this.#resync.ask();
  }

  // A newer run of a message that is shown means that its answer is continued.
  status({ m, g, status, retry_in: seconds }) {
    const answer = this.#answers.get(g);
    if (answer) answer.status(status, seconds);
    else if (g > (this.#thread.article(m)?.dataset.generation ?? g)) this.#thread.renew(m);
  }

  final({ m, status }) {
    this.#thread.renew(m, () => this.#ended(m, status));
  }

  branch({ revision }) {
    this.#thread.hear(revision);
  }

  // A run that the heartbeat does not name has ended; subscribing brings its end.
  heartbeat({ live: sequences }) {
    if (this.#answers.isBehind(sequences)) this.#resync.ask();
    if (Object.keys(this.#answers.sequences).some((g) => !(g in sequences))) this.subscribe();
  }
}
