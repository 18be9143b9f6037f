// The socket of the page (docs/protocol.md): it connects, acknowledges frames, and connects again
// after a failure or silence. Each frame is dispatched as an event of its type; the event "state"
// has the detail "open", "lost" or "over".
import { afterRestart, backoff } from "lib/backoff";

const SIGNED_OUT = 4401;
const TOO_MANY = 4429;
const RESTART = 1012;
const ACK_EVERY = 8;
const ACK_AFTER = 500;
const TELL_AFTER = 1_000;

export class StreamSocket extends EventTarget {
  #url;
  #socket = null;
  #failures = 0;
  #received = 0;
  #acknowledged = 0;
  #silence = 45;
  #timers = {};

  constructor(url) {
    super();
    this.#url = url;
    addEventListener("online", () => this.#hurry());
    addEventListener("pageshow", (event) => event.persisted && this.#hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry());
  }

  connect() {
    clearTimeout(this.#timers.connect);
    this.#received = this.#acknowledged = 0;
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(data));
    socket.onclose = ({ code }) => socket === this.#socket && this.#closed(code);
    this.#expectFrame();
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  send(frame) {
    if (this.isOpen) this.#socket.send(JSON.stringify(frame));
  }

  #receive(frame) {
    this.#received += 1;
    this.#expectFrame();
    this.#acknowledge();
    if (frame.t === "hello") this.#greeted(frame);
    this.dispatchEvent(new CustomEvent(frame.t, { detail: frame }));
  }

  #greeted({ silence }) {
    this.#failures = 0;
    this.#silence = silence;
    clearTimeout(this.#timers.tell);
    this.#tell("open");
  }

  #acknowledge() {
    const owed = this.#received - this.#acknowledged;
    clearTimeout(this.#timers.ack);
    if (owed >= ACK_EVERY) this.#sendAck();
    else this.#timers.ack = setTimeout(() => this.#sendAck(), ACK_AFTER);
  }

  #sendAck() {
    this.#acknowledged = this.#received;
    this.send({ t: "ack", s: this.#received });
  }

  // Drop the socket after a silence, because a browser may not notice that a connection is dead.
  #expectFrame() {
    clearTimeout(this.#timers.silence);
    this.#timers.silence = setTimeout(() => this.#drop(), this.#silence * 1_000);
  }

  #drop() {
    this.#socket?.close();
    this.#closed(0);
  }

  #closed(code) {
    this.#socket = null;
    for (const name of ["silence", "ack", "connect"]) clearTimeout(this.#timers[name]);
    if (code === SIGNED_OUT) return this.#tell("over");
    const delay =
      code === RESTART ? afterRestart() : backoff(code === TOO_MANY ? 6 : this.#failures);
    this.#failures += 1;
    this.#timers.connect = setTimeout(() => this.connect(), delay);
    if (this.#failures === 1) this.#timers.tell = setTimeout(() => this.#tell("lost"), TELL_AFTER);
  }

  // Connect without the pause, because the network or the user is back.
  #hurry() {
    if (this.#failures > 0 && this.#socket === null) this.connect();
  }

  #tell(state) {
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }
}
