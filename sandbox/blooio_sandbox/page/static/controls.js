// Faults as switches, disturbances of deliveries, the clock, and the reset.

import {ask} from "./api.js";
import {button, el, orSay, reconcile} from "./dom.js";

// Each switch adds one fault that lasts until it is switched off.
const SWITCHES = [
  {name: "Server error", hint: "Every send gets 503", path: "fail_next", values: {status: 503, times: null, operation: "sendMessage"}},
  {name: "Accepted, then 502", hint: "The message is sent, but the client cannot know", path: "fail_next", values: {status: 502, times: null, operation: "sendMessage", after_processing: true}},
  {name: "Rate limit", hint: "Every request gets 429, Retry-After: 2", path: "fail_next", values: {status: 429, times: null, retry_after: 2}},
  {name: "Dropped connections", hint: "No request gets a response", path: "drop_next", values: {times: null}},
  {name: "Slow", hint: "Every request takes 3 seconds", path: "delay_next", values: {seconds: 3, times: null}},
  {name: "Flaky", hint: "One request in three gets 500", path: "fail_next", values: {status: 500, times: null, probability: 0.33}},
];
const DISTURBANCES = [
  ["Twice", {copies: 2}], ["After the next one", {swapped: true}], ["A minute late", {delay: 60}],
  ["Signed an hour ago", {stale_by: 3600}], ["Wrong signature", {wrong_signature: true}],
];

const matches = (fault, {path, values}) => fault.times === null && fault.operation === (values.operation ?? null) && fault.status === (values.status ?? null) &&
  fault.after_processing === (values.after_processing ?? false) && fault.drops_connection === (path === "drop_next") &&
  fault.delay === (values.seconds ?? 0) && fault.probability === (values.probability ?? 1);

const isOn = (app, each) => app.overview.faults.some((fault) => matches(fault, each));

export function drawFaults(app, panel) {
  if (!panel.querySelector(".faults")) panel.replaceChildren(build(app));
  const {faults, disturbances} = app.overview;
  for (const box of panel.querySelectorAll("input[role=switch]:not([data-busy])")) box.checked = isOn(app, SWITCHES[box.dataset.index]);
  const items = [...faults.map((fault) => ({...fault, text: describe(fault)})),
    ...disturbances.map((each, index) => ({id: `d${index}`, text: `next ${each.event ?? "delivery"}: ${describeDisturbance(each)} ×${each.times}`}))];
  const list = panel.querySelector(".pending");
  reconcile(list, items, (item) => String(item.id), (item) => el("li", {}, el("span", {}, item.text),
    typeof item.id === "number" ? button("Remove", () => orSay(() => app.act("remove_fault", {fault: item.id}))) : ""));
  panel.querySelector(".stop").hidden = !items.length;
}

function describe(fault) {
  const what = fault.drops_connection ? "drop the connection" : fault.status !== null ? `respond with ${fault.status}` : `wait ${fault.delay} s`;
  const often = fault.times === null ? "until switched off" : `×${fault.times}`;
  const chance = fault.probability < 1 ? `, ${Math.round(fault.probability * 100)} %` : "";
  return `${fault.operation ?? "any operation"}: ${what}${fault.after_processing ? " after processing" : ""}${chance}, ${often}`;
}

const describeDisturbance = (each) => DISTURBANCES.find(([, values]) => Object.entries(values).every(([name, value]) => each[name] === value))?.[0].toLowerCase() ?? "disturbed";

function build(app) {
  const operation = el("select", {id: "fault-operation"}, el("option", {value: ""}, "any operation"));
  orSay(async () => operation.append(...(await ask("operations")).operations.map((name) => el("option", {}, name))));
  const status = el("select", {id: "fault-status"}, ["503", "500", "502", "504", "429", "409", "408", "404", "401"].map((code) => el("option", {}, code)));
  const times = el("input", {id: "fault-times", type: "number", min: 1, value: 1, required: true});
  const code = el("input", {id: "fault-code", placeholder: "such as outbound_limit_reached", autocomplete: "off"});
  const after = el("input", {type: "checkbox"});
  const fail = () => app.act("fail_next", {status: Number(status.value), times: Number(times.value), after_processing: after.checked,
    ...(operation.value ? {operation: operation.value} : {}), ...(code.value ? {code: code.value} : {})}, "The next requests fail");
  return el("div", {class: "faults"},
    el("h2", {}, "Requests"),
    el("div", {class: "switches"}, SWITCHES.map((each, index) => el("label", {class: "switch"},
      el("span", {}, el("strong", {}, each.name), el("small", {}, each.hint)),
      el("input", {type: "checkbox", role: "switch", data: {index}, onchange: (event) => orSay(() => toggle(app, each, event.target))})))),
    el("form", {class: "grid", onsubmit: (event) => { event.preventDefault(); orSay(fail); }},
      el("label", {htmlFor: "fault-times"}, "Fail the next"), times, el("label", {htmlFor: "fault-operation"}, "requests of"), operation,
      el("label", {htmlFor: "fault-status"}, "with status"), status, el("label", {htmlFor: "fault-code"}, "and code"), code,
      el("label", {class: "line"}, after, "after processing"), el("button", {class: "main"}, "Fail")),
    el("h2", {}, "The next webhook delivery"),
    el("div", {class: "chips"}, DISTURBANCES.map(([name, values]) => button(name, () => orSay(() => app.act("disturb_deliveries", values, `The next delivery: ${name.toLowerCase()}`))))),
    el("h2", {}, "Pending"), el("ul", {class: "pending"}),
    button("Switch everything off", () => orSay(() => app.act("stop_failing", {}, "All faults are off")), {class: "stop"}));
}

async function toggle(app, each, box) {
  box.dataset.busy = "";  // a redraw in the meantime would undo the click
  try {
    if (box.checked) return await app.act(each.path, each.values);
    for (const fault of app.overview.faults.filter((fault) => matches(fault, each))) await ask("remove_fault", {fault: fault.id});
    await app.refresh();
  } finally {
    delete box.dataset.busy;
    box.checked = isOn(app, each);
  }
}

export function drawClock(app, panel) {
  if (!panel.querySelector(".clock")) {
    const amount = el("input", {id: "seconds", type: "number", min: 0, step: "any", value: 30, required: true});
    const advance = (seconds) => orSay(() => app.act("advance", {seconds}, "The clock moved forward"));
    const steps = [["1 minute", 60], ["1 hour", 3600], ["1 day", 86400], ["1 week", 604800]];
    panel.replaceChildren(el("div", {class: "clock"}, el("h2", {}, "The sandbox's clock"), el("time", {class: "big"}),
      el("div", {class: "chips"}, steps.map(([name, seconds]) => button(`+ ${name}`, () => advance(seconds)))),
      el("form", {class: "inline", onsubmit: (event) => { event.preventDefault(); advance(Number(amount.value)); }},
        el("label", {htmlFor: "seconds"}, "Seconds"), amount, el("button", {class: "main"}, "Advance")),
      el("h2", {}, "Start over"), el("p", {class: "quiet"}, "Forget every message, request, webhook and fault, and reset the clock."),
      button("Reset the sandbox", () => reset(app), {class: "danger"})));
  }
  panel.querySelector(".big").textContent = new Date(app.overview.now).toLocaleString();
}

function reset(app) {
  const dialog = document.getElementById("dialog");
  dialog.className = "small";
  dialog.setAttribute("aria-label", "Reset the sandbox");
  dialog.replaceChildren(el("form", {method: "dialog"}, el("h2", {}, "Reset the sandbox?"), el("p", {}, "This deletes all messages, requests, webhooks and faults."),
    el("div", {class: "buttons"}, el("button", {}, "Cancel"), button("Reset", () => orSay(async () => {
      await app.act("reset", {}, "The sandbox is empty");
      sessionStorage.clear();
      location.hash = "#/";
      dialog.close();
    }), {class: "danger"}))));
  dialog.showModal();
}
