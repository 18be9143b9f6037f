// The unfolded folders, in a cookie, so that the server renders the next page with them unfolded.
const YEAR = 365 * 24 * 3600;
const MOST = 50;

function read() {
  const found = document.cookie.match(/(?:^|; )folders=([^;]*)/);
  return new Set(found?.[1].split(".").filter(Boolean));
}

function write(ids) {
  document.cookie = `folders=${[...ids].slice(-MOST).join(".")}; path=/; max-age=${YEAR}; samesite=lax`;
}

export function setUnfolded(id, isOpen) {
  const ids = read();
  ids.delete(id);
  if (isOpen) ids.add(id);
  write(ids);
}
