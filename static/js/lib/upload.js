// Upload one file by XMLHttpRequest, because fetch() does not report the progress.
const token = () => document.querySelector('meta[name="csrf-token"]').content;

// Resolves to { ok, status, data }; rejects if the network fails or `signal` aborts. `tell` is
// called with the progress, from 0 to 1.
export function upload(url, file, tell, signal) {
  const request = new XMLHttpRequest();
  const fields = new FormData();
  fields.set("file", file, file.name);
  return new Promise((resolve, reject) => {
    request.upload.addEventListener("progress", ({ loaded, total }) =>
      tell(total ? loaded / total : 0),
    );
    request.addEventListener("load", () => resolve(outcome(request)));
    for (const name of ["error", "abort"])
      request.addEventListener(name, () => reject(new Error(name)));
    signal.addEventListener("abort", () => request.abort());
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", token());
    request.responseType = "json";
    request.send(fields);
  });
}

const outcome = ({ status, response }) => ({ ok: status === 201, status, data: response });
