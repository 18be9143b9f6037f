// The signal of the main part of the page. It aborts when the page is left, so that listeners
// outside the main part are removed with it.
let controller = new AbortController();

export const pageSignal = () => controller.signal;

export function endPage() {
  controller.abort();
  controller = new AbortController();
}
