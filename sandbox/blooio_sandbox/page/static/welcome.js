// The first visit: where the sandbox is, and code that works when pasted.

import {newChat} from "./chats.js";
import {button, copy, el, icon} from "./dom.js";
import {curlExample, pythonExample} from "./snippets.js";

export function welcome(app) {
  return el("div", {class: "welcome"}, el("h2", {}, "A phone in your browser"),
    el("p", {}, "Everything your app sends arrives here, and whatever you write here reaches your app. Nothing leaves this machine."),
    connect(app), el("div", {class: "buttons"}, button("Write from a phone", () => newChat(app), {class: "main"})));
}

export function connect(app) {
  return el("div", {class: "connect"},
    field("Base URL", app.about.base_url), field("API key", app.about.api_key), field("Your number", app.about.numbers.join(", ")),
    snippet("Python", pythonExample(app.about)), snippet("curl", curlExample(app.about)));
}

const field = (name, value) => el("div", {class: "field"}, el("span", {}, name), el("code", {}, value),
  button(`Copy ${name}`, () => copy(value, `${name} copied`), {class: "round"}, icon("copy")));

const snippet = (name, code) => el("div", {class: "snippet"}, el("div", {class: "bar"}, el("h3", {}, name), button(`Copy ${name}`, () => copy(code, `${name} copied`), {class: "round"}, icon("copy"))),
  el("pre", {tabIndex: 0, "aria-label": `${name} example`}, code));
