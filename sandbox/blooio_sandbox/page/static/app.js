// The page as a whole: its views, its URL, and when data is fetched again.

import {ask, follow} from "./api.js";
import {drawChats, drawFound, newChat} from "./chats.js";
import {Inspector} from "./inspector.js";
import {button, el, icon, orSay, reconcile, say} from "./dom.js";
import {Phone} from "./phone.js";
import {welcome} from "./welcome.js";

const $ = (id) => document.getElementById(id);
const MAX_PHONES = 3;

class App {
  about = null;
  overview = null;
  phones = [];
  found = null;
  #refreshing = null;
  #again = false;

  async start() {
    this.about = await ask("");
    this.inspector = new Inspector(this, $("tabs"), $("panel"));
    $("compose").append(icon("pen"));
    $("compose").onclick = () => newChat(this);
    $("search").oninput = () => orSay(() => this.search($("search").value.trim()));
    for (const each of $("views").children) each.onclick = () => this.show(each.dataset.to);
    addEventListener("hashchange", () => this.route());
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
    this.show("chats");
    await this.refresh();
    this.route();
    follow(() => document.hidden || this.refresh(), (isThere) => this.#connected(isThere));
  }

  // One fetch at a time; changes that arrive meanwhile cause one more.
  refresh() {
    if (this.#refreshing) {
      this.#again = true;
      return this.#refreshing;
    }
    this.#refreshing = this.#fetch().catch((error) => {
      if (!(error instanceof TypeError)) say(error.message, true);
    }).finally(() => {
      this.#refreshing = null;
      if (this.#again) {
        this.#again = false;
        this.refresh();
      }
    });
    return this.#refreshing;
  }

  async #fetch() {
    const [overview] = await Promise.all([ask("overview"), ...this.phones.map((phone) => phone.refresh())]);
    this.overview = overview;
    this.draw();
  }

  draw() {
    if (this.found) drawFound(this, $("chats"), this.found);
    else drawChats(this, $("chats"));
    this.inspector.draw();
    document.body.classList.toggle("is-new", !this.overview.chats.length);
    if (!this.phones.length) this.#drawStage();
  }

  // The hash names the open phones: #/CHAT or #/CHAT,PERSON, and more of them side by side.
  route() {
    const wanted = location.hash.replace(/^#\/?/, "").split("/").map(phoneOf).filter(Boolean).slice(0, MAX_PHONES);
    const standing = [...this.phones];
    this.phones = wanted.map(({chat, person}) => {
      const at = standing.findIndex((phone) => phone.chat === chat && (phone.person === person || person === null));
      return at < 0 ? new Phone(this, chat, person) : standing.splice(at, 1)[0];
    });
    for (const phone of standing) phone.close();
    if (wanted.length) this.show("phone");
    else if (document.body.dataset.view === "phone") this.show("chats");
    this.#drawStage();
    if (this.goal) this.phones.find((phone) => phone.chat === this.goal.chat)?.showMessage(this.goal.position);
    this.goal = null;
    if (this.overview) this.draw();
    this.refresh();
  }

  // With a position, the phone shows that message.
  open(chat, {beside = false, person = null, replace = null, position = null} = {}) {
    this.goal = position === null ? null : {chat, position};
    const part = encodeURIComponent(chat) + (person ? `,${encodeURIComponent(person)}` : "");
    const parts = location.hash.replace(/^#\/?/, "").split("/").filter(Boolean);
    if (replace !== null) parts[this.phones.indexOf(replace)] = part;
    else if (beside) parts.push(part);
    const hash = `#/${replace !== null || beside ? parts.slice(-MAX_PHONES).join("/") : part}`;
    if (hash === location.hash) this.route();
    else location.hash = hash;
  }

  closePhone(phone) {
    const parts = location.hash.replace(/^#\/?/, "").split("/").filter(Boolean);
    parts.splice(this.phones.indexOf(phone), 1);
    location.hash = `#/${parts.join("/")}`;
  }

  show(view) {
    document.body.dataset.view = view === "chats" && innerWidth >= 720 && this.phones.length ? "phone" : view;
    for (const each of $("views").children) {
      each.setAttribute("aria-pressed", String((each.dataset.to === "inspector") === (view === "inspector")));
    }
  }

  async search(query) {
    this.query = query;
    // A path cannot end with `.` or `..`, so such a search finds nothing.
    const {found} = /^\.{0,2}$/.test(query) ? {found: []} : await ask(`search/${encodeURIComponent(query)}`);
    if (query !== this.query) return;
    this.found = query ? {query, found} : null;
    this.draw();
  }

  async act(path, values, done = "") {
    const result = await ask(path, values);
    if (done) say(done);
    await this.refresh();
    return result;
  }

  #drawStage() {
    if (this.phones.length) reconcile($("stage"), this.phones.map((phone) => phone.key), (key) => key,
      (key) => this.phones.find((phone) => phone.key === key).node);
    else if (!$("stage").querySelector(".welcome")) $("stage").replaceChildren(welcome(this));
  }

  #connected(isThere) {
    $("connection").textContent = isThere ? "" : "No connection to the sandbox";
  }
}

// The chat and the person in a part of the hash; null if there are none, or if it cannot be decoded.
function phoneOf(part) {
  try {
    const [chat, person] = part.split(",").map(decodeURIComponent);
    return chat ? {chat, person: person ?? null} : null;
  } catch {
    return null;
  }
}

const app = new App();
app.start().catch((error) => document.body.append(el("p", {class: "failed"}, `The sandbox does not respond: ${error.message} `,
  button("Try again", () => location.reload()))));
