// Requests as code that can be pasted.

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const literal = (text) => JSON.stringify(text);

export function asCurl(about, {method, raw_path: path, query, asked, idempotency_key: key}) {
  const lines = [`curl -X ${method} ${quoted(new URL(about.base_url).origin + path + (query ? `?${query}` : ""))}`,
    `-H ${quoted(`Authorization: Bearer ${about.api_key}`)}`];
  if (key) lines.push(`-H ${quoted(`Idempotency-Key: ${key}`)}`);
  if (isJson(asked)) lines.push("-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(JSON.parse(asked)))}`);
  return lines.join(" \\\n    ");
}

export function asPython(about, {method, raw_path: path, operation, asked, query, chat}) {
  const body = isJson(asked) ? JSON.parse(asked) : null;
  const values = new URLSearchParams(query), short = path.replace(/^\/v2\/api/, "");
  const isPlain = operation === "sendMessage" && body && Object.keys(body).length === 1 && typeof body.text === "string";
  const call = isPlain ? `client.chat(${literal(chat)}).send(${literal(body.text)})` : `client.call(${build(method, short, values, body)})`;
  return `from blooio_client import Blooio${isPlain ? "" : ", Call"}\n\n` +
    `with Blooio(${literal(about.api_key)}, base_url=${literal(about.base_url)}) as client:\n    print(${call})\n`;
}

// Ids go in as arguments, which are encoded.
function build(method, path, query, body) {
  const ids = [];
  const template = path.split("/").map((part) => {
    if (!/[^A-Za-z_-]/.test(part)) return part;
    ids.push(decodeURIComponent(part));
    return `{id${ids.length}}`;
  }).join("/");
  const given = [...query].map(([name, value]) => `${literal(name)}: ${literal(value)}`).join(", ");
  return `Call.build(${[literal(method), literal(template), ...ids.map((id, index) => `id${index + 1}=${literal(id)}`),
    ...(body === null ? [] : [`json=${python(body)}`]), ...(given ? [`params={${given}}`] : [])].join(", ")})`;
}

function python(value) {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  if (typeof value === "object") return `{${Object.entries(value).map(([name, each]) => `${literal(name)}: ${python(each)}`).join(", ")}}`;
  return JSON.stringify(value);
}

// The command line has an equivalent for the usual operations only.
export function asCli({operation, chat, asked}) {
  const body = isJson(asked) ? JSON.parse(asked) : {};
  switch (operation) {
    case "sendMessage": return typeof body.text === "string" ? `blooio send ${quoted(chat)} ${quoted(body.text)}` : null;
    case "listChats": return "blooio chats";
    case "listChatMessages": return `blooio messages ${quoted(chat)}`;
    default: return null;
  }
}

function isJson(text) {
  try {
    return Boolean(text) && typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}

export const curlExample = (about) => asCurl(about, {method: "POST", raw_path: "/v2/api/chats/%2B15551234567/messages", query: "",
  asked: '{"text": "Hello"}', idempotency_key: null});

export const pythonExample = (about) => asPython(about, {method: "POST", raw_path: "", operation: "sendMessage", asked: '{"text": "Hello"}',
  query: "", chat: "+15551234567"});
