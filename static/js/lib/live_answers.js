// The answers of a thread whose runs are active, by the id of the run.
import { LiveAnswer } from "lib/live_answer";

export class LiveAnswers {
  #answers = new Map();
  #thread;

  // Follow the answers that `thread` shows now. Calls `began` with each one that was not followed.
  adopt(thread, began) {
    const known = this.#answers;
    this.#thread = thread;
    this.#answers = new Map();
    for (const article of thread.querySelectorAll("article[aria-busy]")) {
      const { generation } = article.dataset;
      const old = known.get(generation);
      const answer = old?.article === article ? old : new LiveAnswer(article);
      this.#answers.set(generation, answer);
      if (answer !== old) began(answer);
    }
    return this;
  }

  get(generation) {
    return this.#answers.get(generation);
  }

  // The number of the last frame of each answer, for the server.
  get sequences() {
    return Object.fromEntries([...this.#answers].map(([g, answer]) => [g, answer.sequence]));
  }

  // The URL that stops the last run; "" if no run is active and none waits for approval.
  get stopUrl() {
    return (
      [...this.#thread.querySelectorAll("article[data-stop-url]")].at(-1)?.dataset.stopUrl ?? ""
    );
  }

  // Whether the server has sent more of any answer than has arrived.
  isBehind(sequences) {
    return Object.entries(sequences).some(([g, s]) => this.#answers.get(g)?.order.isBehind(s));
  }
}
