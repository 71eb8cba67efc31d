// The inspector next to the phones: requests, webhook deliveries, faults and the clock.

import {drawClock, drawFaults} from "./controls.js";
import {showDelivery, showRequest} from "./details.js";
import {button, el, orSay, reconcile, seconds} from "./dom.js";
import {connect} from "./welcome.js";

const TABS = {requests: "Requests", webhooks: "Webhooks", faults: "Faults", clock: "Clock", connect: "Connect"};
const STATUSES = {all: "Any status", good: "Successful", bad: "Failed", none: "No response"};

export class Inspector {
  #filters = {chat: "all", kind: "", status: "all"};

  constructor(app, tabs, panel) {
    Object.assign(this, {app, tabs, panel});
    tabs.append(...Object.entries(TABS).map(([name, label]) => el("button", {type: "button", role: "tab", id: `tab-${name}`,
      "aria-controls": "panel", onclick: () => this.show(name)}, label, el("span", {class: "count"}))));
    tabs.onkeydown = (event) => this.#walk(event);
    this.show("requests");
  }

  show(name) {
    this.name = name;
    for (const tab of this.tabs.children) {
      const isChosen = tab.id === `tab-${name}`;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
    }
    this.panel.setAttribute("aria-labelledby", `tab-${name}`);
    this.#filters.kind = "";
    this.panel.replaceChildren();
    if (this.app.overview) this.draw();
  }

  draw() {
    const {overview} = this.app;
    const pending = overview.faults.length + overview.disturbances.length;
    const failing = overview.deliveries.filter((delivery) => delivery.attempts && !isGood(delivery.status)).length;
    this.#count("faults", pending, pending > 0);
    this.#count("webhooks", failing, true);
    if (this.name === "requests") this.#drawRequests();
    else if (this.name === "webhooks") this.#drawDeliveries();
    else if (this.name === "faults") drawFaults(this.app, this.panel);
    else if (this.name === "clock") drawClock(this.app, this.panel);
    else if (!this.panel.childElementCount) this.panel.append(connect(this.app));
  }

  #count(name, number, isAlert) {
    const count = this.tabs.querySelector(`#tab-${name} .count`);
    count.textContent = number || "";
    count.classList.toggle("alert", isAlert);
  }

  #walk(event) {
    const all = [...this.tabs.children], step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (!step) return;
    const next = all[(all.indexOf(event.target) + step + all.length) % all.length];
    next.click();
    next.focus();
  }

  #drawRequests() {
    const {requests} = this.app.overview;
    if (!requests.length) return this.#empty("No requests yet.", "Every request to the API appears here, with its body and response.", "connect", "Show the base URL and the key");
    const list = this.#list("requests", [...new Set(requests.map((request) => request.operation).filter(Boolean))].sort(), "Any operation");
    const shown = groups(requests.filter((request) => this.#passes(request, request.operation)));
    reconcile(list, shown, (group) => String(group.at(-1).number), (group) => this.#requestRow(group));
    this.#nothing(list, shown.length);
  }

  #requestRow(tries) {
    const [last] = tries;
    const path = last.path.replace(/^\/v2\/api/, "") || "/";
    const statuses = [...tries].reverse().map((each) => status(each.status, each.duration_ms === null));
    return el("li", {}, el("button", {type: "button", class: "entry", data: {focus: "entry"}, onclick: () => orSay(() => showRequest(this.app, tries))},
      el("span", {class: "top"}, el("span", {class: "what"}, last.operation ?? `${last.method} ${path}`), el("span", {class: "statuses"}, statuses)),
      el("span", {class: "under"}, el("span", {class: "where"}, `${last.method} ${path}`),
        el("span", {class: "when"}, tries.length > 1 ? el("strong", {}, `${tries.length} tries · `) : "", `${last.duration_ms ?? "…"} ms · ${seconds(last.time_received)}`))));
  }

  #drawDeliveries() {
    const {deliveries, webhooks} = this.app.overview;
    if (!webhooks.length && !deliveries.length) return this.#subscribe();
    if (!deliveries.length) {
      const hosts = webhooks.map((webhook) => webhook.host).join(", ");
      return this.#empty("No deliveries yet.", `Events go to ${hosts}: write something from a phone.`, null, null);
    }
    const list = this.#list("webhooks", [...new Set(deliveries.map((delivery) => delivery.event))].sort(), "Any event");
    const shown = deliveries.filter((delivery) => this.#passes(delivery, delivery.event));
    reconcile(list, shown, (delivery) => `${delivery.webhook_id} ${delivery.event_id}`, (delivery) => this.#deliveryRow(delivery));
    this.#nothing(list, shown.length);
  }

  #deliveryRow(delivery) {
    const next = delivery.next_attempt !== null && delivery.attempts ? ` · next ${seconds(delivery.next_attempt)}` : "";
    const attempts = delivery.attempts === 1 ? "1 attempt" : `${delivery.attempts} attempts`;
    return el("li", {}, el("button", {type: "button", class: "entry", data: {focus: "entry"}, onclick: () => orSay(() => showDelivery(this.app, delivery))},
      el("span", {class: "top"}, el("span", {class: "what"}, delivery.event, delivery.is_replay ? " (replay)" : ""),
        el("span", {class: "statuses"}, delivery.error ? el("span", {class: "code bad"}, delivery.error) : status(delivery.status, !delivery.attempts))),
      el("span", {class: "under"}, el("span", {class: "where"}, delivery.host), el("span", {class: "when"}, `${attempts}${next} · ${seconds(delivery.time)}`))));
  }

  // The filters stay while the list below them changes.
  #list(name, kinds, any) {
    let list = this.panel.querySelector(`ul[data-list="${name}"]`);
    if (!list) {
      list = el("ul", {class: "log", data: {list: name}});
      const filter = (label, key, choices) => el("select", {"aria-label": label, data: {filter: key}, onchange: (event) => {
        this.#filters[key] = event.target.value;
        this.draw();
      }}, choices.map(([value, text]) => el("option", {value, selected: value === this.#filters[key]}, text)));
      this.panel.replaceChildren(el("div", {class: "filters"},
        filter("Chat", "chat", [["all", "All chats"], ["open", "Open chats"]]),
        el("select", {"aria-label": "Kind", data: {filter: "kind"}, onchange: (event) => { this.#filters.kind = event.target.value; this.draw(); }}),
        filter("Status", "status", Object.entries(STATUSES))), list);
    }
    const select = this.panel.querySelector("[data-filter=kind]"), state = kinds.join();
    if (select.dataset.state !== state) {
      select.dataset.state = state;
      select.replaceChildren(el("option", {value: ""}, any), ...kinds.map((kind) => el("option", {value: kind, selected: kind === this.#filters.kind}, kind)));
    }
    return list;
  }

  #passes(entry, kind) {
    const {chat, kind: wanted, status: outcome} = this.#filters;
    if (chat === "open" && !this.app.phones.some((phone) => phone.chat === entry.chat)) return false;
    if (wanted && wanted !== kind) return false;
    if (outcome === "none") return entry.status === null;
    return outcome === "all" || (outcome === "good") === isGood(entry.status);
  }

  #nothing(list, count) {
    if (!count) list.replaceChildren(el("li", {class: "empty"}, "Nothing matches the filters."));
  }

  #empty(title, text, tab, label) {
    this.panel.replaceChildren(el("div", {class: "blank"}, el("h2", {}, title), el("p", {}, text), tab ? button(label, () => this.show(tab), {class: "main"}) : ""));
  }

  #subscribe() {
    if (this.panel.querySelector("form")) return;
    const url = el("input", {type: "url", id: "webhook-url", required: true, placeholder: "http://127.0.0.1:8000/webhook", value: "http://127.0.0.1:8000/webhook"});
    this.panel.replaceChildren(el("form", {class: "blank", onsubmit: (event) => {
      event.preventDefault();
      orSay(() => this.app.act("seed", {webhooks: [{url: url.value, type: "all"}]}, "New events are sent to this URL"));
    }}, el("h2", {}, "No webhook yet."), el("p", {}, "Send every event to your app; deliveries are signed, retried and listed here."),
    el("label", {htmlFor: "webhook-url"}, "URL of your app"), url, el("button", {class: "main"}, "Send events to it")));
  }
}

export const isGood = (code) => code !== null && code < 300;

export function status(code, isPending = false) {
  if (isPending) return el("span", {class: "code"}, "…");
  return el("span", {class: `code ${isGood(code) ? "good" : "bad"}`}, code === null ? "no response" : String(code));
}

// Retries of one idempotency key are one entry, the latest first.
function groups(requests) {
  const found = new Map();
  for (const request of requests) {
    const key = request.idempotency_key === null ? `#${request.number}` : `${request.operation} ${request.idempotency_key}`;
    found.set(key, [...found.get(key) ?? [], request]);
  }
  return [...found.values()];
}
