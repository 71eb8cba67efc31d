// The list of chats, what a search has found, and the dialog for a new chat.

import {ask} from "./api.js";
import {avatar, button, clock, day, el, isGroup, nameOf, orSay, reconcile, titleOf} from "./dom.js";

export function drawChats(app, list) {
  const open = app.phones.map((phone) => phone.chat);
  const chats = app.overview.chats.map((chat) => ({...chat, isOpen: open.includes(chat.id), today: day(chat.time_sent, app.overview.now)}));
  if (!chats.length) return list.replaceChildren(empty(app));
  reconcile(list, chats, (chat) => chat.id, (chat) => row(chat, () => app.open(chat.id)));
}

export function drawFound(app, list, {query, found}) {
  const lower = query.toLowerCase();
  const named = app.overview.chats.filter((chat) => [chat.id, titleOf(chat)].some((text) => text.toLowerCase().includes(lower)));
  const items = [...named.map((chat) => ({...chat, hit: null})),
    ...found.map((hit) => ({...hit, hit: hit.position, unread: 0, typing: [], direction: null, sender: null, is_failed: false}))];
  if (!items.length) return list.replaceChildren(el("li", {class: "empty"}, `Nothing contains “${query}”.`));
  reconcile(list, items.map((item) => ({...item, today: day(item.time_sent, app.overview.now)})),
    (item) => `${item.id} ${item.hit}`, (item) => row(item, () => app.open(item.id, {position: item.hit})));
}

function row(chat, act) {
  const title = titleOf(chat), when = chat.today === "Today" ? clock(chat.time_sent) : chat.today;
  const sender = chat.direction === "outbound" ? "App: " : isGroup(chat) && chat.sender ? `${chat.sender}: ` : "";
  const last = chat.typing.length ? el("span", {class: "last typing-now"}, "typing…")
    : el("span", {class: "last"}, sender + (chat.text ?? ""));
  return el("li", {}, el("button", {type: "button", class: "chat", onclick: act, "aria-current": chat.isOpen ? "true" : null, data: {focus: chat.id}},
    avatar(chat.id, title), el("span", {class: "who"}, title), el("time", {}, when), last,
    chat.is_failed ? el("span", {class: "mark failed-mark", title: "Not delivered"}, el("span", {"aria-hidden": "true"}, "!"),
      el("span", {class: "hidden"}, "Not delivered")) : null,
    chat.unread ? el("span", {class: "mark badge"}, String(chat.unread), el("span", {class: "hidden"}, " unread")) : null));
}

function empty(app) {
  return el("li", {class: "empty"}, "No chats yet. Send a message with the API, or ",
    button("start one from a phone", () => newChat(app), {class: "text"}), ".");
}

export function newChat(app, person = null) {
  const dialog = document.getElementById("dialog");
  const people = el("input", {id: "people", required: true, placeholder: "+15551234567, ann@example.com", autocomplete: "off"});
  const name = el("input", {id: "group-name", placeholder: "Optional", autocomplete: "off"});
  const start = async () => {
    const members = people.value.split(/[,;\s]+/).filter(Boolean);
    const all = person ? [person, ...members] : members;
    if (all.length === 1) {
      await ask(`chats/${encodeURIComponent(all[0])}/messages`); // reports an invalid address
      return app.open(all[0]);
    }
    const values = {members: all.slice(1), ...(name.value.trim() ? {name: name.value.trim()} : {})};
    const {group} = await app.act(`phones/${encodeURIComponent(all[0])}/starts_group`, values);
    app.open(group, {person: all[0]});
  };
  const form = el("form", {method: "dialog", onsubmit: (event) => {
    event.preventDefault();
    orSay(async () => { await start(); dialog.close(); });
  }}, el("h2", {}, person ? `New group with ${person}` : "New chat"),
  el("p", {class: "quiet"}, person ? "Add the phone numbers or email addresses of the other members."
    : "A phone number or email address opens that phone. Several start a group; the first one is its phone."),
  el("label", {htmlFor: "people"}, "People"), people, el("label", {htmlFor: "group-name"}, "Name of the group"), name,
  el("div", {class: "buttons"}, button("Cancel", () => dialog.close()), el("button", {class: "main"}, "Start")));
  dialog.className = "small";
  dialog.setAttribute("aria-label", "New chat");
  dialog.replaceChildren(form);
  dialog.showModal();
  people.focus();
}

export const membersText = (chat) => chat.members.map(nameOf).join(", ");
