// Take files that are pasted or dropped anywhere in the main part of the page.
const hasFiles = (transfer) => transfer?.types.includes("Files");

export function onFiles(place, take, signal) {
  const frame = place.querySelector("[data-drop]");
  const show = (isOver) => {
    if (frame) frame.hidden = !isOver;
  };
  const until = { signal };
  place.addEventListener(
    "paste",
    (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      take(files);
    },
    until,
  );
  place.addEventListener(
    "dragover",
    (event) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      show(true);
    },
    until,
  );
  place.addEventListener(
    "dragleave",
    ({ relatedTarget }) => place.contains(relatedTarget) || show(false),
    until,
  );
  place.addEventListener(
    "drop",
    (event) => {
      show(false);
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      take([...event.dataTransfer.files]);
    },
    until,
  );
}
