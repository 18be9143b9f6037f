// How long to wait before the next connection, in milliseconds. Pure.
const FIRST = 500;
const LONGEST = 30_000;

// Doubles with each failure, and is spread so that a restarted server is not met by all at once.
export function backoff(failures, chance = Math.random()) {
  return Math.min(LONGEST, FIRST * 2 ** failures) * (0.5 + chance / 2);
}

// After a planned restart everybody comes back within five seconds.
export const afterRestart = (chance = Math.random()) => 5_000 * chance;
