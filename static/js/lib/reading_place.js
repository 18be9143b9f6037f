// The place in a thread: the first article in view, and the distance of its top from that of the
// thread.
const SETTLES_IN = 4;

const thread = () => document.querySelector("chat-scroll");

// Return the place, or null at the end of the thread, where a page opens anyway.
export function place() {
  const scroller = thread();
  if (!scroller || scroller.manager.isFollowing) return null;
  const { top } = scroller.getBoundingClientRect();
  const first = [...scroller.querySelectorAll("article[id]")].find(
    (one) => one.getBoundingClientRect().bottom > top,
  );
  return first ? { id: first.id, offset: first.getBoundingClientRect().top - top } : null;
}

// Return the place of one message, or null.
export function placeOf(message) {
  const [scroller, article] = [thread(), document.getElementById(`m-${message}`)];
  if (!scroller || !article) return null;
  return {
    id: article.id,
    offset: article.getBoundingClientRect().top - scroller.getBoundingClientRect().top,
  };
}

// Scroll to a place that was saved; null changes nothing.
export async function restore(saved) {
  const scroller = thread();
  const article = saved && document.getElementById(saved.id);
  if (!scroller || !article) return;
  // In several frames, because articles that were never rendered have only an estimated height, and
  // each frame renders those that have come near.
  for (let frames = 0; frames < SETTLES_IN; frames += 1) {
    const offset = article.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    scroller.scrollTop += offset - saved.offset;
    scroller.manager.leave();
    await new Promise((done) => requestAnimationFrame(done));
  }
}
