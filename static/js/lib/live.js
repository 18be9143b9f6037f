// The socket of this page, shared by its elements: the first that asks for it connects it.
import { showSignedOut } from "lib/http";
import { StreamSocket } from "lib/stream_socket";

const scheme = location.protocol === "https:" ? "wss" : "ws";

const socket = new StreamSocket(`${scheme}://${location.host}/ws/`);
socket.addEventListener("state", ({ detail }) => detail === "over" && showSignedOut());
let isWanted = false;

export function live() {
  // After all elements of the page have begun to listen.
  if (!isWanted) queueMicrotask(() => socket.connect());
  isWanted = true;
  return socket;
}
