// The signal of the page's main part: what listens elsewhere on its behalf stops when it is left.
let controller = new AbortController();

export const pageSignal = () => controller.signal;

export function endPage() {
  controller.abort();
  controller = new AbortController();
}
