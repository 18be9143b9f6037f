// The answers on their way that a thread shows, by generation.
import { LiveAnswer } from "lib/live_answer";

export class LiveAnswers {
  #answers = new Map();
  #thread;

  // Follow what `thread` shows now. Calls `began` for each answer that is new to it.
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

  // What the server is told of them when we subscribe.
  get sequences() {
    return Object.fromEntries([...this.#answers].map(([g, answer]) => [g, answer.sequence]));
  }

  // Where the composer's Stop leads; "" when nothing is on its way, and nothing waits for approval.
  get stopUrl() {
    return (
      [...this.#thread.querySelectorAll("article[data-stop-url]")].at(-1)?.dataset.stopUrl ?? ""
    );
  }

  // Whether the server has sent more of any of them than arrived.
  isBehind(sequences) {
    return Object.entries(sequences).some(([g, s]) => this.#answers.get(g)?.order.isBehind(s));
  }
}
