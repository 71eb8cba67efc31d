// The page's requests to the sandbox: to the control API only.

export async function ask(path, values) {
  const headers = {Accept: "application/json", "Content-Type": "application/json"};
  const sending = values === undefined ? {} : {method: "POST", body: JSON.stringify(values)};
  return read(await fetch(`/_sandbox/${path}`, {...sending, headers}));
}

export async function upload(file) {
  const headers = {"Content-Type": file.type || "application/octet-stream"};
  const name = encodeURIComponent(file.name || "file");
  return read(await fetch(`/_sandbox/files/${name}`, {method: "POST", body: file, headers}));
}

// The only call to the API itself, since a replay is one of its operations.
export async function replay(key, webhook, event) {
  const path = `/v2/api/webhooks/${encodeURIComponent(webhook)}/logs/${encodeURIComponent(event)}/replay`;
  return read(await fetch(path, {method: "POST", headers: {Authorization: `Bearer ${key}`}}));
}

async function read(response) {
  const body = await response.json();
  if (!response.ok) throw new Error(body.message);
  return body;
}

export function follow(onChange, onConnection) {
  const source = new EventSource("/_sandbox/live");
  source.onmessage = onChange;
  source.onopen = () => onConnection(true);
  source.onerror = () => onConnection(false);
}
