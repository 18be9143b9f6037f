// Where somebody reads: the first article in view, and how far its top is from the thread's own.
const SETTLES_IN = 4;

const thread = () => document.querySelector("chat-scroll");

// Null at the end, where a page opens anyway.
export function place() {
  const scroller = thread();
  if (!scroller || scroller.manager.isFollowing) return null;
  const { top } = scroller.getBoundingClientRect();
  const first = [...scroller.querySelectorAll("article[id]")].find(
    (one) => one.getBoundingClientRect().bottom > top,
  );
  return first ? { id: first.id, offset: first.getBoundingClientRect().top - top } : null;
}

// Where one message is, for a change after it.
export function placeOf(message) {
  const [scroller, article] = [thread(), document.getElementById(`m-${message}`)];
  if (!scroller || !article) return null;
  return {
    id: article.id,
    offset: article.getBoundingClientRect().top - scroller.getBoundingClientRect().top,
  };
}

export async function restore(place) {
  const scroller = thread();
  const article = place && document.getElementById(place.id);
  if (!scroller || !article) return;
  // What was never drawn has a guessed height; each frame draws what has come near.
  for (let frames = 0; frames < SETTLES_IN; frames += 1) {
    const offset = article.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    scroller.scrollTop += offset - place.offset;
    scroller.manager.leave();
    await new Promise((done) => requestAnimationFrame(done));
  }
}
