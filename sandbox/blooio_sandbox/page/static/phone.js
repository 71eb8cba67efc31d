// One phone: its owner, the conversation on its screen, and its settings.

import {ask} from "./api.js";
import {drawItems} from "./bubbles.js";
import {membersText, newChat} from "./chats.js";
import {Composer} from "./composer.js";
import {PROTOCOLS, avatar, button, clock, el, icon, isGroup, nameOf, orSay, protocolOf, say, titleOf} from "./dom.js";

export class Phone {
  #older = [];
  #before = null;
  #hasMore = false;
  #goal = null;
  #isAtEnd = true;
  #top = 0;

  constructor(app, chat, person) {
    Object.assign(this, {app, chat, person, key: `${chat} ${person ?? ""} ${Math.random()}`});
    this.composer = new Composer(this);
    this.list = el("ol", {class: "items", onkeydown: (event) => this.#walk(event)});
    this.scroll = el("div", {class: "scroll", role: "log", "aria-label": "Messages", tabIndex: 0, onscroll: () => this.#scrolled()}, this.list);
    this.owner = el("header", {class: "owner"});
    this.head = el("div", {class: "head"});
    this.unread = el("div", {class: "unread"});
    this.screen = el("div", {class: "screen"}, this.head, this.composer.node, this.unread, this.scroll);
    this.node = el("section", {class: "phone", "aria-label": `Phone in ${chat}`}, this.owner, el("div", {class: "case"}, this.screen));
    this.composer.listen(this.screen);
    // The end of the conversation stays in view when pictures load or the phone is resized.
    this.observer = new ResizeObserver(() => this.#isAtEnd && this.scrollToEnd());
    this.observer.observe(this.list);
    this.observer.observe(this.scroll);
  }

  get me() {
    const members = this.data?.members.map((member) => member.id) ?? [];
    return members.includes(this.person) ? this.person : members[0] ?? this.chat;
  }

  async refresh() {
    const path = `chats/${encodeURIComponent(this.chat)}/messages`;
    const latest = await ask(this.#before === null ? path : `${path}/${this.#before}`);
    if (this.#older.length) this.#keepPushedOff(latest);
    this.data = latest;
    this.#hasMore = this.#older.length ? this.#older[0].has_more : latest.has_more;
    this.draw();
  }

  // Items that new ones have pushed off the latest page belong to the page before; if all have gone, it was a reset.
  #keepPushedOff(latest) {
    const known = new Set(latest.items.map((item) => item.id));
    const pushed = this.data.items.filter((item) => !known.has(item.id));
    if (pushed.length < this.data.items.length) this.#older.at(-1).items.push(...pushed);
    else this.#older = [];
  }

  draw() {
    this.node.dataset.protocol = this.settings.protocol;
    this.node.setAttribute("aria-label", `Phone of ${this.nameOf(this.me)}`);
    this.#drawHeads();
    this.#drawUnread();
    drawItems(this, this.list, [...this.#older.flatMap((page) => page.items), ...this.data.items]);
    this.composer.draw();
    this.screen.style.backgroundImage = this.data.background ? `url("/_sandbox/${this.data.background}")` : "";
    this.screen.classList.toggle("has-background", Boolean(this.data.background));
    if (this.#goal !== null) this.#reveal();
    else if (this.#isAtEnd) this.scrollToEnd();
  }

  scrollToEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.#isAtEnd = true;
  }

  get settings() { return this.data.phones[this.me] ?? {protocol: "imessage", online: true, failing_with: null}; }

  nameOf(id) {
    if (id === this.data?.own_number) return "Your app";
    return nameOf(this.data?.members.find((member) => member.id === id) ?? {id, name: null});
  }

  act(action, values = {}, done = "") {
    const group = isGroup(this.data) ? {group: this.chat} : {};
    return this.app.act(`phones/${encodeURIComponent(this.me)}/${action}`, {...values, ...group}, done);
  }

  // Shows a message that may be far back: the list then ends there, until "Jump to the latest".
  showMessage(position) {
    this.#goal = position;
    this.#isAtEnd = false;
    this.#before = position + 20;
    this.#older = [];
    orSay(() => this.refresh());
  }

  close() {
    this.composer.stopTyping();
    this.observer.disconnect();
  }

  #reveal() {
    const found = this.list.querySelector(`[data-position="${this.#goal}"]`);
    this.#goal = null;
    found?.scrollIntoView({block: "center"});
    found?.classList.add("revealed");
  }

  #drawHeads() {
    const {app, data, me, settings} = this, members = data.members;
    const state = JSON.stringify([members, me, settings, data.name, data.icon, app.phones.length, app.phones.indexOf(this)]);
    if (state === this.headState) return;
    this.headState = state;
    const whose = members.length > 1 ? el("select", {class: "whose", "aria-label": "Whose phone", onchange: (event) => {
      this.composer.stopTyping();
      app.open(this.chat, {person: event.target.value, replace: this});
    }}, members.map((member) => el("option", {value: member.id, selected: member.id === me}, nameOf(member))))
      : el("strong", {class: "whose"}, this.nameOf(me));
    const mode = `${protocolOf(settings)}${settings.online ? "" : " · offline"}${settings.failing_with ? " · failing" : ""}`;
    this.owner.replaceChildren(button("Back to all phones", () => { location.hash = "#/"; }, {class: "round back"}, icon("back")),
      avatar(me, this.nameOf(me)),
      el("div", {class: "names"}, whose, el("span", {class: "quiet"}, this.nameOf(me) === me ? mode : `${me} · ${mode}`)),
      button("Phone settings", () => this.#openSettings(), {class: "round"}, icon("gear")),
      app.phones.length > 1 ? button("Close this phone", () => app.closePhone(this), {class: "round close"}, icon("close")) : "");
    const group = isGroup(data);
    this.head.replaceChildren(
      el("div", {class: "status", "aria-hidden": "true"}, el("time", {class: "phone-clock"}), el("span", {}, settings.online ? protocolOf(settings) : "✈︎")),
      el("div", {class: "title"}, avatar(group ? this.chat : data.own_number, group ? titleOf(data) : "Your app", data.icon ? `/_sandbox/${data.icon}` : null),
        el("h2", {}, group ? titleOf(data) : "Your app"),
        el("p", {}, group ? `${members.length} members: ${membersText(data)}` : data.own_number)));
    this.clock = this.head.querySelector(".phone-clock");
  }

  #drawUnread() {
    const {data} = this;
    if (this.clock && this.app.overview) this.clock.textContent = clock(this.app.overview.now);
    const count = data.items.filter((item) => item.kind === "message" && item.direction === "outbound" && item.status === "delivered").length;
    const isBack = this.#before !== null;
    const state = `${count} ${isBack}`;
    if (state === this.unread.dataset.state) return;
    this.unread.dataset.state = state;
    this.unread.replaceChildren(...[
      isBack && button("Jump to the latest", () => {
        this.#before = null;
        this.#older = [];
        this.#isAtEnd = true;
        orSay(() => this.refresh());
      }, {class: "pill"}),
      count && !isBack && button(`${count} unread · Mark as read`, () => orSay(() => this.act("reads")), {class: "pill", data: {action: "reads"}}),
    ].filter(Boolean));
  }

  #scrolled() {
    const {scrollHeight, scrollTop, clientHeight} = this.scroll;
    // Rows that grow also push the end out of view; only scrolling up should leave it.
    const isNear = scrollHeight - scrollTop - clientHeight < 60;
    this.#isAtEnd = this.#before === null && (isNear || (this.#isAtEnd && scrollTop >= this.#top));
    this.#top = scrollTop;
    if (scrollTop < 200 && this.#hasMore && !this.loading) orSay(() => this.#loadOlder());
  }

  async #loadOlder() {
    this.loading = true;
    try {
      const first = [...this.#older.flatMap((page) => page.items), ...this.data.items].find((item) => item.position);
      const page = await ask(`chats/${encodeURIComponent(this.chat)}/messages/${first.position}`);
      const {scrollHeight, scrollTop} = this.scroll;
      this.#older.unshift(page);
      this.#hasMore = page.has_more;
      this.draw();
      this.scroll.scrollTop = scrollTop + this.scroll.scrollHeight - scrollHeight;
    } finally {
      this.loading = false;
    }
  }

  // Arrow keys go from message to message; Enter opens the menu of one.
  #walk(event) {
    const rows = [...this.list.querySelectorAll("li.row")], at = rows.indexOf(event.target.closest("li.row"));
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      rows[at + (event.key === "ArrowUp" ? -1 : 1)]?.focus();
      event.preventDefault();
    } else if (event.key === "Enter" && event.target.matches("li.row")) {
      event.target.querySelector(".more")?.click();
      event.preventDefault();
    }
  }

  focusLast() { this.list.querySelector("li.row:last-of-type")?.focus(); }

  #openSettings() {
    const dialog = document.getElementById("dialog"), {settings, me} = this;
    const chosen = () => form.querySelector("input[name=protocol]:checked")?.value ?? settings.protocol;
    const apply = () => orSay(() => this.app.act(`phones/${encodeURIComponent(me)}/uses`, {
      protocol: chosen(), online: online.checked, ...(failing.value ? {failing_with: failing.value} : {})}));
    const online = el("input", {type: "checkbox", role: "switch", checked: settings.online, onchange: apply});
    const failing = el("input", {id: "failing-with", value: settings.failing_with ?? "", placeholder: "Never", autocomplete: "off", onchange: apply});
    const latitude = el("input", {type: "number", step: "any", id: "latitude", value: "48.2082", required: true});
    const longitude = el("input", {type: "number", step: "any", id: "longitude", value: "16.3738", required: true});
    const form = el("form", {method: "dialog"}, el("h2", {}, `Phone of ${this.nameOf(me)}`),
      el("fieldset", {class: "segments"}, el("legend", {}, "Messages arrive by"),
        Object.entries(PROTOCOLS).map(([value, label]) => el("label", {}, el("input", {type: "radio", name: "protocol", value, checked: value === settings.protocol, onchange: apply}), label))),
      el("label", {class: "line"}, "Online", online),
      el("label", {htmlFor: "failing-with"}, "Fail messages with this error code"), failing,
      el("div", {class: "pair"}, el("label", {}, "Latitude", latitude), el("label", {}, "Longitude", longitude),
        button("Share location", () => orSay(() => this.app.act(`phones/${encodeURIComponent(me)}/shares_location`,
          {latitude: Number(latitude.value), longitude: Number(longitude.value)}, "Location shared")))),
      el("div", {class: "buttons"}, button("New group", () => { dialog.close(); newChat(this.app, me); }),
        button("Open another phone", () => { dialog.close(); this.#beside(); }, {class: "wide-only"}), el("button", {class: "main"}, "Done")));
    dialog.className = "small";
    dialog.setAttribute("aria-label", "Phone settings");
    dialog.replaceChildren(form);
    dialog.showModal();
  }

  #beside() {
    const other = this.data.members.find((member) => member.id !== this.me && !this.app.phones.some((phone) => phone.me === member.id));
    if (isGroup(this.data) && other) return this.app.open(this.chat, {beside: true, person: other.id});
    const chat = this.app.overview.chats.find((each) => !this.app.phones.some((phone) => phone.chat === each.id));
    if (chat) this.app.open(chat.id, {beside: true});
    else say("There is no other phone yet: start a chat first");
  }
}
