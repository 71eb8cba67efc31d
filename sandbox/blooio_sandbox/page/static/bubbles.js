// The conversation on a phone's screen: bubbles, polls, and what is attached to them.

import {button, clock, copy, day, el, icon, isGroup, orSay, protocolOf, reconcile, size} from "./dom.js";
import {styled} from "./markdown.js";

const TAPBACKS = {love: "❤️", like: "👍", dislike: "👎", laugh: "😂", emphasize: "‼️", question: "❓"};
const MORE_EMOJI = ["🎉", "🔥", "🙏"];
const GAP = 15 * 60 * 1000;
const CLOSE = 60 * 1000;
const URLS = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)]/g;
const SENDING = {queued: "Sending…", sent: "Sent, not delivered yet", cancelled: "Cancelled"};

export function drawItems(phone, list, items) {
  const {data} = phone, now = phone.app.overview?.now ?? Date.now();
  const mine = items.filter((item) => item.sender === phone.me), lastMine = mine.at(-1)?.id;
  const rows = items.map((item, index) => {
    const before = items[index - 1], after = items[index + 1];
    const follows = before && before.sender === item.sender && item.time_sent - before.time_sent < CLOSE;
    const goesOn = after && after.sender === item.sender && after.time_sent - item.time_sent < CLOSE;
    const at = !before || item.time_sent - before.time_sent > GAP ? `${day(item.time_sent, now)} ${clock(item.time_sent)}` : null;
    const isMine = item.sender === phone.me;
    return {...item, isMine, at, isFirst: !follows || Boolean(at), isLast: !goesOn, me: phone.me,
      name: isGroup(data) && !isMine && (!follows || at) ? phone.nameOf(item.sender) : null,
      receipt: item.id === lastMine ? receipt(item, data.marked_read) : null};
  });
  const others = data.typing.filter((person) => person !== phone.me);
  const typing = [...(data.is_api_typing ? [data.own_number] : []), ...others].map((person) => ({kind: "typing", id: `typing ${person}`, person}));
  if (!rows.length && !typing.length) {
    const hint = `Nothing here yet. Write from this phone, or send to ${phone.chat} with the API.`;
    return list.replaceChildren(el("li", {class: "empty", data: {key: "empty"}}, hint));
  }
  reconcile(list, [...rows, ...typing], (item) => item.id, (item, isNew) => build(phone, item, isNew));
}

function receipt(message, markedRead) {
  return markedRead !== null && markedRead >= message.time_sent ? `Read ${clock(markedRead)}` : "Delivered";
}

function build(phone, item, isNew) {
  if (item.kind === "typing") {
    const who = phone.nameOf(item.person);
    return el("li", {class: "typing"}, el("span", {class: "dots", role: "img", "aria-label": `${who} is typing`}, el("i"), el("i"), el("i")));
  }
  const content = item.kind === "poll" ? poll(phone, item) : message(phone, item);
  const classes = ["row", item.isMine ? "mine" : "theirs", item.protocol ?? "imessage", item.isFirst && "first", item.isLast && "last",
    item.kind === "message" && !item.isMine && item.direction === "outbound" && `is-${item.status}`, item.effect && isNew && `effect-${item.effect}`];
  return el("li", {class: classes.filter(Boolean).join(" "), tabIndex: -1, data: {position: item.position ?? ""}},
    item.at && el("div", {class: "at"}, item.at), item.name && el("div", {class: "sender"}, item.name), content);
}

function message(phone, item) {
  const who = item.isMine ? "You" : phone.nameOf(item.sender);
  const url = urlOf(item.text?.trim() ?? "");
  const more = button("React or reply", () => menu(phone, item, more), {class: "more", tabIndex: -1, data: {focus: "more"}}, icon("more"));
  return [
    item.reply_to && quote(phone, item.reply_to),
    el("div", {class: "line"},
      el("div", {class: "stack"},
        item.attachments.map(attachment),
        item.text === null ? null : url ? card(url) : el("div", {class: "bubble"}, el("span", {class: "hidden"}, `${who}: `), ...(item.formatted_text === null ? linked(item.text) : styled(item.formatted_text, linked))),
        item.reactions.length ? tapbacks(phone, item) : null),
      more),
    item.effect && el("div", {class: "note"}, `✦ Sent with ${item.effect.replace("-", " ")}`),
    foot(item),
  ];
}

function foot(item) {
  if (item.isMine) return item.receipt && el("div", {class: "note receipt"}, item.receipt);
  if (item.direction !== "outbound") return null;
  if (item.status === "failed") return el("div", {class: "note bad"}, el("strong", {}, "Not delivered"), item.error_code ? ` · ${item.error_code}` : "");
  return SENDING[item.status] ? el("div", {class: "note"}, SENDING[item.status]) : null;
}

function linked(text) {
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(URLS)) {
    parts.push(text.slice(at, found.index), link(found[0], found[0]));
    at = found.index + found[0].length;
  }
  return [...parts, text.slice(at)];
}

const link = (url, ...children) => el("a", {href: url, target: "_blank", rel: "noopener noreferrer", tabIndex: -1}, ...children);

// The URL that a text consists of; null for other texts, and for a URL that is not valid.
function urlOf(text) {
  try { return new RegExp(`^${URLS.source}$`).test(text) ? new URL(text) : null; } catch { return null; }
}

function card({href, hostname, pathname, search}) {
  const made = link(href, el("span", {class: "art", "aria-hidden": "true"}, icon("link")),
    el("span", {class: "site"}, hostname.replace(/^www\./, "")), el("span", {class: "path"}, decodePath(pathname + search)));
  made.className = "card";
  return made;
}

function decodePath(path) {
  try { return decodeURI(path); } catch { return path; }
}

function attachment(file) {
  const path = file.path ? `/_sandbox/${file.path}` : null, type = file.content_type ?? "";
  if (path && /^image\/(png|jpeg|gif|webp|avif)$/.test(type)) return el("img", {class: "picture", src: path, alt: file.name, loading: "lazy"});
  if (path && type.startsWith("audio/")) return el("audio", {class: "sound", src: path, controls: true, preload: "metadata", "aria-label": file.name});
  if (path && type.startsWith("video/")) return el("video", {class: "picture", src: path, controls: true, preload: "metadata", "aria-label": file.name});
  const made = link(path ?? file.url, icon("file"), el("span", {}, decodePath(file.name)), el("small", {}, file.size === null ? "not fetched" : size(file.size)));
  made.className = "file";
  return made;
}

function quote(phone, parent) {
  const text = parent.text ?? (parent.has_attachments ? "Attachment" : "A message");
  return el("div", {class: "quote"}, icon("reply"), el("span", {}, parent.sender ? `${phone.nameOf(parent.sender)}: ${text}` : text));
}

function tapbacks(phone, item) {
  const label = item.reactions.map((given) => `${given.reaction} from ${given.sender === null ? "Your app" : phone.nameOf(given.sender)}`).join(", ");
  return el("div", {class: "tapbacks", role: "img", "aria-label": label, title: label}, item.reactions.map((given) =>
    el("span", {class: given.sender === phone.me ? "own" : ""}, TAPBACKS[given.reaction] ?? given.reaction)));
}

function menu(phone, item, anchor) {
  document.querySelector(".menu")?.remove();
  const isGiven = (reaction) => item.reactions.some((given) => given.reaction === reaction && given.sender === phone.me);
  const close = () => { made.remove(); anchor.focus(); };
  const react = (reaction) => { close(); orSay(() => phone.act(isGiven(reaction) ? "unreacts" : "reacts", {reaction, message: item.id})); };
  const signs = [...Object.entries(TAPBACKS), ...MORE_EMOJI.map((emoji) => [emoji, emoji])];
  const details = [item.isMine ? null : item.status, protocolOf(item), clock(item.time_sent)].filter(Boolean).join(" · ");
  const made = el("div", {class: "menu", role: "group", "aria-label": "React or reply", onkeydown: (event) => {
    event.stopPropagation();
    if (event.key === "Escape") close();
  }}, el("div", {class: "signs"}, signs.map(([name, sign]) => button(name, () => react(name), {"aria-pressed": String(isGiven(name))}, sign))),
  button("Reply", () => { close(); phone.composer.reply(item); }),
  item.text === null ? null : button("Copy text", () => { close(); copy(item.text); }),
  button("Copy message id", () => { close(); copy(item.id, "Message id copied"); }),
  el("p", {class: "quiet"}, details));
  anchor.closest(".line").after(made);
  made.querySelector("button").focus();
  made.scrollIntoView({block: "nearest"});
  addEventListener("pointerdown", (event) => made.contains(event.target) || made.remove(), {once: true});
}

function poll(phone, item) {
  const total = item.options.reduce((sum, option) => sum + option.voters.length, 0);
  return el("div", {class: "line"}, el("div", {class: "poll", role: "group", "aria-label": `Poll: ${item.title ?? "untitled"}`},
    el("h3", {}, item.title ?? "Poll"),
    item.options.map((option) => choice(phone, item, option, total)),
    el("p", {}, total === 1 ? "1 vote" : `${total} votes`)));
}

function choice(phone, item, option, total) {
  const isMine = option.voters.includes(phone.me), share = total ? option.voters.length / total : 0;
  const voters = option.voters.map((person) => phone.nameOf(person)).join(", ");
  const made = el("button", {type: "button", "aria-pressed": String(isMine), tabIndex: -1, title: voters, data: {focus: option.text},
    onclick: () => orSay(() => phone.act("votes", {option: option.text, poll: item.id}))},
  el("span", {class: "option"}, option.text), el("span", {class: "count"}, String(option.voters.length), el("span", {class: "hidden"}, " votes")),
  el("span", {class: "bar", "aria-hidden": "true"}));
  made.style.setProperty("--share", share);
  return made;
}
