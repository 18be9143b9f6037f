// The socket of the page, which its elements share. The first call of live() connects it.
import { showSignedOut } from "lib/http";
import { StreamSocket } from "lib/stream_socket";

const scheme = location.protocol === "https:" ? "wss" : "ws";

const socket = new StreamSocket(`${scheme}://${location.host}/ws/`);
socket.addEventListener("state", ({ detail }) => detail === "over" && showSignedOut());
let isWanted = false;

export function live() {
  // In a microtask, so that all elements of the page listen before the first frame.
  if (!isWanted) queueMicrotask(() => socket.connect());
  isWanted = true;
  return socket;
}
