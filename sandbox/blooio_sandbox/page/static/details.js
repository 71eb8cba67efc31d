// A request or a delivery in full, with its actions.

import {ask, replay} from "./api.js";
import {isGood} from "./inspector.js";
import {button, copy, el, orSay, say, seconds} from "./dom.js";
import {asCli, asCurl, asPython} from "./snippets.js";

const dialog = () => document.getElementById("dialog");

function open(title, ...content) {
  dialog().className = "large";
  dialog().setAttribute("aria-label", title);
  dialog().replaceChildren(el("form", {method: "dialog", class: "bar"}, el("h2", {}, title), el("button", {}, "Close")),
    el("div", {class: "detail"}, ...content));
  if (!dialog().open) dialog().showModal();
}

const block = (name, text) => text ? [el("h3", {}, name), el("pre", {tabIndex: 0, "aria-label": name}, text)] : [];
const outcome = (code) => code === null ? "no response" : String(code);

export async function showRequest(app, tries) {
  const [exchange, ...earlier] = await Promise.all(tries.map((each) => ask(`requests/${each.number}/bodies`)));
  const headers = Object.entries(exchange.headers).map(([name, value]) => `${name}: ${value}`).join("\n");
  const cli = asCli(exchange);
  open(exchange.operation ?? exchange.path,
    el("p", {class: "mono"}, `${exchange.method} ${exchange.path}${exchange.query ? `?${exchange.query}` : ""}`),
    el("div", {class: "buttons left"},
      button("Copy as curl", () => copy(asCurl(app.about, exchange), "curl command copied")),
      button("Copy as Python", () => copy(asPython(app.about, exchange), "Python code copied")),
      cli && button("Copy as CLI", () => copy(cli, "Command copied"))),
    exchange.idempotency_key ? el("p", {}, "Idempotency key ", el("code", {}, exchange.idempotency_key)) : null,
    earlier.length ? [el("h3", {}, `${tries.length} tries with this key`), el("ol", {class: "tries"}, [exchange, ...earlier].reverse().map((each) =>
      el("li", {}, `${seconds(each.time_received)}  `, el("span", {class: isGood(each.status) ? "good" : "bad"}, outcome(each.status)), `  ${each.duration_ms} ms`)))] : null,
    ...block("Request", exchange.asked), ...block(`Response ${outcome(exchange.status)}`, exchange.answered), ...block("Headers", headers));
}

export async function showDelivery(app, delivery) {
  const {attempts} = await ask(`deliveries/${encodeURIComponent(delivery.event_id)}/attempts`);
  const mine = attempts.filter((attempt) => attempt.webhook_id === delivery.webhook_id), last = mine.at(-1);
  open(delivery.event,
    el("p", {class: "mono"}, `POST ${delivery.host}`),
    el("div", {class: "buttons left"}, last ? button("Replay", () => orSay(async () => {
      const result = await replay(app.about.api_key, delivery.webhook_id, delivery.event_id);
      say(result.success ? "Replayed" : `Replayed: ${result.response_data.error ?? `status ${result.response_status}`}`, !result.success);
      dialog().close();
      await app.refresh();
    })) : null, button("Copy event id", () => copy(delivery.event_id, "Event id copied")),
    last ? button("Copy body", () => copy(last.sent, "Body copied")) : null),
    mine.length ? null : el("p", {}, "Not sent yet."),
    mine.map((attempt, index) => el("div", {class: "attempt"},
      el("h3", {}, `Attempt ${index + 1}${attempt.is_replay ? ", a replay" : ""}: `, el("span", {class: isGood(attempt.status) ? "good" : "bad"}, attempt.error ?? outcome(attempt.status)),
        ` · ${attempt.duration_ms} ms · ${seconds(attempt.time)}`),
      attempt.answered === "null" ? null : el("pre", {tabIndex: 0, "aria-label": "Response"}, attempt.answered),
      el("p", {class: "mono quiet"}, `X-Blooio-Signature: ${attempt.signature}`))),
    ...block("Body", last?.sent));
}
