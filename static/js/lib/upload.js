// Sends one file, and tells how far it is: fetch cannot say that yet.
const token = () => document.querySelector('meta[name="csrf-token"]').content;

// Resolves to { ok, status, data }; a network failure rejects. `tell` hears parts of 1.
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
