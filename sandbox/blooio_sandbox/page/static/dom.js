// Small helpers. Strings that are appended become text, never HTML.

export function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else if (name === "data") Object.assign(made.dataset, value);
    else if (name in made && !name.startsWith("aria")) made[name] = value;
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export const PROTOCOLS = {imessage: "iMessage", sms: "SMS", rcs: "RCS"};
export const protocolOf = ({protocol}) => PROTOCOLS[protocol] ?? `Protocol ${protocol}`;

const PATHS = {
  back: "M15 5l-7 7 7 7", plus: "M12 5v14M5 12h14", up: "M12 19V6M6 11l6-6 6 6", close: "M6 6l12 12M18 6L6 18",
  more: "M5 12h.01M12 12h.01M19 12h.01", reply: "M10 7L4 12l6 5v-3c5 0 8 1 10 5 0-6-3-9-10-9z",
  pen: "M4 20h4L19 9l-4-4L4 16v4z", gear: "M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4",
  file: "M7 3h7l4 4v14H7zM14 3v4h4", link: "M10 14a4 4 0 006 0l3-3a4 4 0 00-6-6l-1 1M14 10a4 4 0 00-6 0l-3 3a4 4 0 006 6l1-1",
  copy: "M9 9h10v11H9zM5 15V4h10", beside: "M4 5h7v14H4zM13 5h7v14h-7z",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export function button(label, act, properties = {}, ...children) {
  const named = children.length ? {"aria-label": label, title: label} : {};
  return el("button", {type: "button", onclick: act, ...named, ...properties}, ...(children.length ? children : [label]));
}

// Updates a list in place: an item that has not changed keeps its node, and with it its focus, scroll and selection.
export function reconcile(list, items, keyOf, build) {
  const known = new Map([...list.children].map((node) => [node.dataset.key, node]));
  const nodes = items.map((item) => {
    const key = keyOf(item), signature = JSON.stringify(item), standing = known.get(key);
    if (standing?.signature === signature) return standing;
    const made = build(item, !standing);
    made.dataset.key = key;
    made.signature = signature;
    if (standing?.contains(document.activeElement)) {
      const focused = document.activeElement.dataset.focus;
      queueMicrotask(() => (focused ? made.querySelector(`[data-focus="${CSS.escape(focused)}"]`) : made)?.focus());
    }
    return made;
  });
  const kept = new Set(nodes);
  for (const node of [...list.children]) if (!kept.has(node)) node.remove();
  nodes.forEach((node, index) => {
    if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null);
  });
}

export const clock = (moment) => new Date(moment).toLocaleTimeString([], {hour: "numeric", minute: "2-digit"});
export const seconds = (moment) => new Date(moment).toLocaleTimeString([], {hour12: false});

export function day(moment, now) {
  const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(moment).setHours(0, 0, 0, 0)) / 86400000);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return new Date(moment).toLocaleDateString([], {weekday: "short", month: "short", day: "numeric"});
}

export function size(bytes) {
  const units = ["bytes", "KB", "MB", "GB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1000)));
  return `${(bytes / 1000 ** power).toFixed(power ? 1 : 0)} ${units[power]}`;
}

export const nameOf = (person) => person.name ?? person.id;
export const titleOf = (chat) => chat.name ?? (chat.members.map(nameOf).join(", ") || chat.id);
export const isGroup = (chat) => chat.id.startsWith("grp_");

function initials(name) {
  if (name.startsWith("+")) return name.slice(-2);
  return name.split(/[\s,@.]+/).filter(Boolean).slice(0, 2).map((word) => [...word][0].toUpperCase()).join("");
}

export function avatar(id, name, picture = null) {
  const hue = [...id].reduce((sum, character) => (sum * 31 + character.codePointAt(0)) % 360, 7);
  const made = el("span", {class: "avatar", "aria-hidden": "true"}, picture ? "" : initials(name));
  made.style.setProperty("--hue", hue);
  if (picture) made.style.backgroundImage = `url("${picture}")`;
  return made;
}

let hiding = 0;
export function say(text, isBad = false) {
  const toast = document.getElementById("toast");
  toast.textContent = text;
  toast.classList.toggle("bad", isBad);
  clearTimeout(hiding);
  hiding = setTimeout(() => { toast.textContent = ""; }, isBad ? 6000 : 2500);
}

export async function copy(text, what = "Copied") {
  try {
    await navigator.clipboard.writeText(text);
    say(what);
  } catch {
    say("The browser does not allow copying here", true);
  }
}

export const orSay = (work) => Promise.resolve().then(work).catch((error) => say(error.message, true));
