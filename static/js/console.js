// Makes the console's pages pleasanter; each works without it.

const words = document.body.dataset;
const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};
const sprite = document.querySelector("svg.icon use")?.getAttribute("href").split("#")[0] ?? "";
const icon = (name) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
};

// A form that changes something is sent once.
for (const form of all("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.getAttribute("aria-busy") === "true") event.preventDefault();
    else form.setAttribute("aria-busy", "true");
  });
}
addEventListener("pageshow", () => all("form[aria-busy]").forEach((form) => form.removeAttribute("aria-busy")));

// Whatever is wrong is heard and seen first.
document.querySelector("[data-wrong]")?.focus();

// The tab that one is at is in sight, and its neighbours fade where there are more.
for (const tabs of all(".tabs")) {
  const current = tabs.querySelector("[aria-current]");
  const fade = () => {
    const [room, at] = [tabs.scrollWidth - tabs.clientWidth, Math.abs(tabs.scrollLeft)];
    const [start, end] = [Math.min(at, 24), Math.min(Math.max(room - at, 0), 24)];
    const flipped = getComputedStyle(tabs).direction === "rtl";
    tabs.style.setProperty("--before", `${flipped ? end : start}px`);
    tabs.style.setProperty("--after", `${flipped ? start : end}px`);
  };
  const settle = () => {
    if (current) tabs.scrollLeft += current.getBoundingClientRect().left + current.offsetWidth / 2 - tabs.getBoundingClientRect().left - tabs.clientWidth / 2;
    fade();
  };
  tabs.addEventListener("scroll", fade, { passive: true });
  addEventListener("resize", settle);
  settle();
}
document.querySelector(".side nav [aria-current]")?.scrollIntoView({ block: "nearest" });

// Copying, for what a person would otherwise select by hand.
const said = make("p", { className: "unseen", role: "status" });
document.body.append(said);
const copier = (text, label) => {
  const button = make("button", { type: "button", className: "copy", title: words.copy }, icon("copy"));
  button.setAttribute("aria-label", `${words.copy} ${label}`.slice(0, 120));
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text());
    button.replaceChildren(icon("check"));
    button.classList.add("done");
    said.textContent = words.copied;
    setTimeout(() => {
      button.replaceChildren(icon("copy"));
      button.classList.remove("done");
      said.textContent = "";
    }, 1600);
  });
  return button;
};
if (navigator.clipboard) {
  for (const place of all(".copyable")) {
    const text = () => place.querySelector("code").textContent;
    place.append(copier(text, text()));
  }
}
for (const place of all("[data-copyable]")) {
  const pre = place.querySelector("pre");
  const tools = make("div", { className: "tools" });
  if (navigator.clipboard) tools.append(copier(() => pre.textContent, pre.getAttribute("aria-label")));
  if (place.dataset.download) {
    const name = `${place.dataset.downloadText} ${place.dataset.download}`;
    const button = make("button", { type: "button", className: "copy", title: name }, icon("download"));
    button.setAttribute("aria-label", name);
    button.addEventListener("click", () => {
      const href = URL.createObjectURL(new Blob([pre.textContent, "\n"], { type: "text/plain" }));
      make("a", { href, download: place.dataset.download }).click();
      setTimeout(() => URL.revokeObjectURL(href), 10_000);
    });
    tools.append(button);
  }
  place.append(tools);
}

// A danger's button waits until its name is typed.
for (const input of all("[data-confirm]")) {
  const button = input.form.querySelector("[type=submit]");
  const look = () => (button.disabled = input.value.trim() !== input.dataset.confirm);
  input.addEventListener("input", look);
  addEventListener("pageshow", look);
  look();
}

// A colour is chosen by eye, too.
for (const place of all(".swatch")) {
  const text = place.querySelector("input");
  const eye = make("input", { type: "color", tabIndex: -1, ariaHidden: "true" });
  const valid = () => /^#[0-9a-f]{6}$/i.test(text.value);
  const follow = () => valid() && (eye.value = text.value);
  eye.addEventListener("input", () => (text.value = eye.value));
  text.addEventListener("input", follow);
  follow();
  place.prepend(eye);
}

// Lists: a choice narrows at once, words narrow what is on the page while they are typed.
for (const form of all("[data-narrow]")) {
  all("select", form).forEach((select) => select.addEventListener("change", () => form.requestSubmit()));
  const rows = all("tbody tr", form.parentElement);
  const input = form.querySelector("[name=q]");
  const hint = make("p", { className: "hint", hidden: true, textContent: form.dataset.hint });
  form.append(hint);
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    hint.hidden = wanted === "" || wanted === input.defaultValue.toLowerCase();
    rows.forEach((row) => (row.hidden = !hint.hidden && !row.textContent.toLowerCase().includes(wanted)));
  });
}
for (const form of all("form.bulk")) {
  const boxes = all("[name=id]", form.parentElement);
  const count = form.querySelector(".hint");
  const look = () => (count.textContent = `${boxes.filter((box) => box.checked).length} ${form.dataset.count}`);
  const every = make("input", { type: "checkbox" });
  every.setAttribute("aria-label", form.dataset.all);
  every.addEventListener("change", () => {
    boxes.forEach((box) => (box.checked = every.checked && !box.closest("tr").hidden));
    look();
  });
  form.parentElement.querySelector("thead .pick").append(every);
  boxes.forEach((box) => box.addEventListener("change", look));
}

// Ctrl-K: the pages of the side, and what the search finds.
const palette = document.getElementById("palette");
if (palette) {
  const input = palette.querySelector("input");
  const list = palette.querySelector("ul");
  const search = palette.querySelector("form").action;
  const pages = all(".side nav a").map((link) => ({ text: link.textContent.trim(), href: link.href, icon: link.querySelector("use").getAttribute("href").split("#")[1] }));
  let found = [];
  let chosen = 0;
  const choose = (at) => {
    const options = all("[role=option]", list);
    chosen = options.length ? (at + options.length) % options.length : 0;
    options.forEach((option, index) => option.setAttribute("aria-selected", index === chosen));
    options[chosen]?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[chosen]?.id ?? "");
  };
  const draw = () => {
    const wanted = input.value.trim().toLowerCase();
    let count = 0;
    const option = (entry) => {
      const line = make("li", { id: `palette-${(count += 1)}`, role: "option" }, icon(entry.icon), make("span", { textContent: entry.text }));
      if (entry.kind) line.append(make("small", { textContent: entry.kind }));
      line.dataset.href = entry.href;
      line.addEventListener("click", () => location.assign(entry.href));
      return line;
    };
    const group = (title, entries) => (entries.length ? [make("li", { role: "presentation", textContent: title }), ...entries.map(option)] : []);
    const near = pages.filter((page) => page.text.toLowerCase().includes(wanted));
    list.replaceChildren(...group(palette.dataset.pages, near), ...group(palette.dataset.things, wanted ? found : []));
    if (!list.children.length) list.append(make("li", { role: "presentation", textContent: palette.dataset.none }));
    choose(0);
  };
  let waiting = 0;
  let asked = 0;
  const look = () => {
    clearTimeout(waiting);
    const wanted = input.value.trim();
    const turn = (asked += 1);
    if (wanted.length < 2) {
      found = [];
      return;
    }
    waiting = setTimeout(async () => {
      const answer = await fetch(`${search}?q=${encodeURIComponent(wanted)}`, { headers: { accept: "text/html" } }).catch(() => null);
      if (!answer?.ok || turn !== asked) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      // Pages that stand above already are not said twice.
      const known = new Set(pages.map((page) => new URL(page.href).pathname));
      const rows = all(".list tr.leads", page).filter((row) => !known.has(row.querySelector("th a").getAttribute("href"))).slice(0, 12);
      found = rows.map((row) => {
        const link = row.querySelector("th a");
        return { text: link.textContent.trim(), href: link.getAttribute("href"), kind: row.closest(".list").querySelector("h2")?.textContent, icon: "arrow-right" };
      });
      draw();
    }, 180);
  };
  const open = () => {
    input.value = "";
    found = [];
    draw();
    palette.showModal();
  };
  input.addEventListener("input", () => {
    draw();
    look();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter" && list.querySelector("[aria-selected=true]")) location.assign(all("[role=option]", list)[chosen].dataset.href);
    else return;
    event.preventDefault();
  });
  palette.addEventListener("click", (event) => event.target === palette && palette.close());
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (!palette.open) open();
    }
  });
  all("[data-palette] kbd").forEach((keys) => (keys.hidden = false));
}

// What is wrong with a line is said while it is typed; the server says the same when the form is sent.
const later = (act, wait) => {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, wait);
  };
};
for (const area of all("textarea[data-check]")) {
  const verdicts = make("div", { className: "wrong live" });
  verdicts.setAttribute("role", "status");
  area.after(verdicts);
  let latest = 0;
  const judge = async () => {
    const turn = ++latest;
    const kind = area.form.elements.kind?.value ?? area.dataset.kind;
    const lines = area.value.split("\n").map((line) => line.trim()).filter(Boolean).slice(0, 50);
    const ask = async (uri) => {
      const answer = await fetch(`${area.dataset.check}?${new URLSearchParams({ uri, kind })}`, { headers: { accept: "application/json" } });
      return answer.ok ? { uri, problem: (await answer.json()).problem } : { uri };
    };
    const wrong = (await Promise.all(lines.map(ask))).filter(({ problem }) => problem);
    if (turn !== latest) return;
    verdicts.replaceChildren(...(wrong.length ? [make("ul", {}, ...wrong.map(({ uri, problem }) => make("li", {}, make("code", { textContent: uri }), ` ${problem}`)))] : []));
    if (wrong.length) area.setAttribute("aria-invalid", "true");
    else area.removeAttribute("aria-invalid");
  };
  const soon = later(judge, 400);
  area.addEventListener("input", soon);
  area.form.elements.kind?.addEventListener?.("change", soon);
}

// A preview follows the form that it belongs to.
for (const frame of all("iframe[data-follows]")) {
  const form = document.getElementById(frame.dataset.follows);
  let shown = frame.src;
  frame.loading = "eager";
  const follow = () => {
    const address = new URL(shown);
    // What is unticked is in no form data: it must not stay as it was.
    for (const { name } of form.elements) address.searchParams.delete(name);
    for (const [name, value] of new FormData(form)) {
      if (!["csrf", "seen"].includes(name)) address.searchParams.append(name, value);
    }
    if (address.href === shown) return;
    shown = address.href;
    // In its place, so that the way back stays the way back.
    frame.contentWindow.location.replace(shown);
  };
  form?.addEventListener("input", later(follow, 400));
}
