// What a phone writes: text with a draft per chat, attachments, replies, and typing.

import {upload} from "./api.js";
import {button, el, icon, orSay, size} from "./dom.js";

const PLACEHOLDERS = {imessage: "iMessage", sms: "Text Message · SMS", rcs: "Text Message · RCS"};
const TYPING_PAUSE = 4000;
// Files and replies of the drafts, by chat and person; texts are in the session storage, which survives a reload.
const drafts = new Map();

export class Composer {
  #files = [];
  #reply = null;
  #typing = 0;
  #isEarly = false;
  #sending = Promise.resolve();

  constructor(phone) {
    this.phone = phone;
    this.text = el("textarea", {rows: 1, "aria-label": "Message", enterKeyHint: "send", oninput: () => this.#typed(), onkeydown: (event) => this.#key(event),
      onpaste: (event) => this.#take([...event.clipboardData.files], event)});
    this.picker = el("input", {type: "file", multiple: true, class: "hidden", tabIndex: -1, "aria-label": "Files to attach",
      onchange: () => { this.#take([...this.picker.files]); this.picker.value = ""; }});
    this.send = el("button", {class: "send", "aria-label": "Send", title: "Send", disabled: true}, icon("up"));
    this.extras = el("div", {class: "extras"});
    // The text box comes first in the tab order; the style sheet arranges the rest.
    this.node = el("form", {class: "composer", onsubmit: (event) => { event.preventDefault(); this.#submit(); }},
      this.text, this.send, button("Attach files", () => this.picker.click(), {class: "round attach"}, icon("plus")), this.picker, this.extras);
  }

  listen(screen) {
    screen.addEventListener("dragover", (event) => { event.preventDefault(); screen.classList.add("dropping"); });
    screen.addEventListener("dragleave", (event) => { if (!screen.contains(event.relatedTarget)) screen.classList.remove("dropping"); });
    screen.addEventListener("drop", (event) => {
      screen.classList.remove("dropping");
      this.#take([...event.dataTransfer.files], event);
    });
  }

  draw() {
    if (!this.drawn) {
      this.drawn = true;
      this.text.value = sessionStorage.getItem(this.#draftKey) ?? "";
      [this.#files, this.#reply] = drafts.get(this.#draftKey) ?? [[], null];
      this.#drawExtras();
      if (this.#isEarly) this.#submit();
      if (innerWidth >= 720 && document.activeElement === document.body) this.text.focus({preventScroll: true});
    }
    this.text.placeholder = PLACEHOLDERS[this.phone.settings.protocol] ?? "Message";
  }

  reply(item) {
    this.#reply = item;
    this.#drawExtras();
    this.text.focus();
  }

  stopTyping() {
    if (!this.#typing) return;
    clearTimeout(this.#typing);
    this.#typing = 0;
    orSay(() => this.phone.act("stops_typing"));
  }

  get #draftKey() { return `draft ${this.phone.chat} ${this.phone.me}`; }

  #typed() {
    sessionStorage.setItem(this.#draftKey, this.text.value);
    this.#grow();
    if (!this.text.value) return this.stopTyping();
    if (!this.#typing) orSay(() => this.phone.act("types"));
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.stopTyping(), TYPING_PAUSE);
  }

  #grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, 140)}px`;
    this.send.disabled = !this.text.value.trim() && !this.#files.length;
  }

  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.node.requestSubmit();
    } else if (event.key === "ArrowUp" && !this.text.value) {
      event.preventDefault();
      this.phone.focusLast();
    } else if (event.key === "Escape" && this.#reply) {
      this.#reply = null;
      this.#drawExtras();
    }
  }

  #take(files, event = null) {
    if (!files.length) return;
    event?.preventDefault();
    this.#files.push(...files);
    this.#drawExtras();
    this.text.focus();
  }

  // The box is free for the next message at once; messages are sent one after another.
  #submit() {
    const text = this.text.value.trim(), files = this.#files, reply = this.#reply;
    if (!this.drawn) this.#isEarly = true;  // sent once the phone is drawn
    if (!this.drawn || (!text && !files.length)) return;
    clearTimeout(this.#typing);
    this.#typing = 0;
    this.#fill("", [], null);
    this.text.focus({preventScroll: true});
    this.#sending = this.#sending.then(() => orSay(() => this.#deliver(text, files, reply)));
  }

  async #deliver(text, files, reply) {
    try {
      const attachments = [];
      for (const file of files) attachments.push((await upload(file)).url);
      await this.phone.act("sends", {...(text ? {text} : {}), attachments, ...(reply ? {reply_to: reply.id} : {})});
    } catch (error) {
      this.#fill([text, this.text.value].filter(Boolean).join("\n"), [...files, ...this.#files], this.#reply ?? reply);
      throw error;
    }
    this.phone.scrollToEnd();
  }

  #fill(text, files, reply) {
    this.text.value = text;
    sessionStorage.setItem(this.#draftKey, text);
    this.#files = files;
    this.#reply = reply;
    this.#drawExtras();
  }

  #drawExtras() {
    drafts.set(this.#draftKey, [this.#files, this.#reply]);
    const remove = (index) => { this.#files.splice(index, 1); this.#drawExtras(); };
    this.extras.replaceChildren(...[
      this.#reply && el("p", {class: "chip"}, icon("reply"), el("span", {}, `Reply to ${this.phone.nameOf(this.#reply.sender)}: ${this.#reply.text ?? "attachment"}`),
        button("Do not reply", () => { this.#reply = null; this.#drawExtras(); }, {}, icon("close"))),
      ...this.#files.map((file, index) => el("p", {class: "chip"}, preview(file), el("span", {}, file.name || "file", " ", el("small", {}, size(file.size))),
        button(`Remove ${file.name}`, () => remove(index), {}, icon("close")))),
    ].filter(Boolean));
    this.#grow();
  }
}

function preview(file) {
  if (!/^image\/(png|jpeg|gif|webp)$/.test(file.type)) return icon("file");
  const url = URL.createObjectURL(file);
  return el("img", {src: url, alt: "", onload: () => URL.revokeObjectURL(url)});
}
