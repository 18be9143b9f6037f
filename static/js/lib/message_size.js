// The size of a message, compared with the limit of the server. Pure.
const KB = 1024;
const TELL_FROM = 0.8;

export function measure(text, limit) {
  const bytes = new TextEncoder().encode(text).length;
  return {
    isNear: bytes > limit * TELL_FROM,
    isOver: bytes > limit,
    figures: { n: Math.ceil(bytes / KB), limit: Math.floor(limit / KB) },
  };
}
