// The pauses before the socket connects again, in milliseconds. Pure functions.
const FIRST = 500;
const LONGEST = 30_000;

// Return a pause that doubles with each failure. It is spread by `chance` (0 to 1), so that not all
// browsers connect to a restarted server at once.
export function backoff(failures, chance = Math.random()) {
  return Math.min(LONGEST, FIRST * 2 ** failures) * (0.5 + chance / 2);
}

// Return a pause of up to five seconds, for a restart that the server announced.
export const afterRestart = (chance = Math.random()) => 5_000 * chance;
