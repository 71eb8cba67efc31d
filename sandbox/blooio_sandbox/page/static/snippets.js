// Requests as code that can be pasted.

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const literal = (text) => JSON.stringify(text);
const COMMANDS = {getMe: "me", listChats: "chats", listChatMessages: "messages", listNumbers: "numbers", markChatRead: "read"};
const UPLOADS = {setChatBackground: "background", setGroupIcon: "icon"};

export function asCurl(about, exchange) {
  const {method, raw_path: path, query, asked, idempotency_key: key} = exchange;
  const lines = [`curl -X ${method} ${quoted(new URL(about.base_url).origin + path + (query ? `?${query}` : ""))}`,
    `-H ${quoted(`Authorization: Bearer ${about.api_key}`)}`];
  if (key) lines.push(`-H ${quoted(`Idempotency-Key: ${key}`)}`);
  if (isUpload(exchange)) lines.push(`-F ${UPLOADS[exchange.operation]}=@photo.jpg`);
  if (isJson(asked)) lines.push("-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(JSON.parse(asked)))}`);
  return lines.join(" \\\n    ");
}

export function asPython(about, exchange) {
  const {method, raw_path: path, operation, asked, query, chat, ids} = exchange;
  const body = isJson(asked) ? JSON.parse(asked) : null;
  const values = new URLSearchParams(query), short = path.replace(/^\/v2\/api/, "");
  const isPlain = operation === "sendMessage" && body && Object.keys(body).length === 1 && typeof body.text === "string";
  const upload = operation === "setGroupIcon" ? `client.groups.icon.set(${literal(ids?.groupId)}, ` : `client.chat(${literal(chat)}).background.set(`;
  const call = isUpload(exchange) ? `${upload}"photo.jpg")` : isPlain ? `client.chat(${literal(chat)}).send(${literal(body.text)})` : `client.call(${build(method, short, values, body)})`;
  return `from blooio_client import Blooio${isPlain || isUpload(exchange) ? "" : ", Call"}\n\n` +
    `with Blooio(${literal(about.api_key)}, base_url=${literal(about.base_url)}) as client:\n    print(${call})\n`;
}

// Ids are passed as arguments, which the client encodes.
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

// Common operations have a command of their own; `blooio call` accepts every operation.
export function asCli(exchange) {
  const {operation, ids, query, asked, chat} = exchange;
  const body = isJson(asked) ? JSON.parse(asked) : {};
  if (!operation || Array.isArray(body) || (asked && !isJson(asked) && !(operation in UPLOADS))) return null;
  const isPlain = typeof body.text === "string" && !body.text.startsWith("-") && Object.keys(body).length === 1;
  if (operation === "sendMessage" && isPlain) return `blooio send ${quoted(chat)} ${quoted(body.text)}`;
  if (!query && !asked && operation in COMMANDS) return ["blooio", COMMANDS[operation], ...(chat ? [quoted(chat)] : [])].join(" ");
  const given = [...Object.entries(ids), ...new URLSearchParams(query), ...Object.entries(body)].map(([name, value]) => [snake(name), value]);
  const words = given.map(([name, value]) => typeof value === "string" ? `${name}=${quoted(value)}` : `${name}:=${quoted(JSON.stringify(value))}`);
  return ["blooio call", snake(operation), ...words, ...(isUpload(exchange) ? [`${UPLOADS[operation]}=@photo.jpg`] : [])].join(" ");
}

const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const isUpload = ({operation, asked}) => operation in UPLOADS && !isJson(asked);

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
