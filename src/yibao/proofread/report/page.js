"use strict";
// A finding and its marks belong together: choosing one shows the other. Everything also reads without this script.
(function () {
  const root = document.documentElement;
  root.classList.add("js");
  const files = [...document.querySelectorAll("main.file")];
  const tabs = [...document.querySelectorAll("[role=tab]")];
  // The first jump, to the finding named in the address, is made at once; later ones glide, where the reader allows it.
  let glide = "instant";
  const marksOf = (number) => document.querySelectorAll(`[data-f~="${number}"]`);
  const heads = (file) => [...file.querySelectorAll(".finding:not([hidden]) .head")];

  document.querySelectorAll(".finding .head").forEach((head) => head.setAttribute("aria-expanded", "false"));

  function show(file) {
    files.forEach((other) => { other.hidden = other !== file; });
    tabs.forEach((tab) => {
      const chosen = tab.getAttribute("aria-controls") === file.id;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    });
  }

  function open(tab) {
    show(document.getElementById(tab.getAttribute("aria-controls")));
    scrollTo({ top: 0, behavior: "instant" });
  }

  function choose(finding) {
    document.querySelectorAll(".on").forEach((element) => element.classList.remove("on"));
    document.querySelectorAll(".head[aria-expanded=true]").forEach((head) => head.setAttribute("aria-expanded", "false"));
    if (!finding) return;
    finding.classList.add("on");
    finding.querySelector(".head").setAttribute("aria-expanded", "true");
    marksOf(finding.dataset.n).forEach((mark) => mark.classList.add("on"));
  }

  function jump(id) {
    const target = id && document.getElementById(id);
    if (!target) return;
    const file = target.closest("main.file");
    if (file && file.hidden) show(file);
    // An anchor is an empty span right before its mark: in a wide table the mark must also come into view sideways.
    const mark = target.classList.contains("anchor") ? target.nextElementSibling || target.parentElement : target;
    mark.scrollIntoView({ block: "center", inline: "nearest", behavior: glide });
  }

  function listed(finding) {
    const list = finding.closest(".findings");
    const top = finding.offsetTop - list.offsetTop;
    if (top < list.scrollTop || top + finding.offsetHeight > list.scrollTop + list.clientHeight) {
      list.scrollTo({ top: top - 12, behavior: glide });
    }
  }

  function filter(file) {
    const wanted = new Set([...file.querySelectorAll(".filter[aria-pressed=true]")].map((b) => b.dataset.severity));
    file.querySelectorAll(".finding").forEach((f) => { f.hidden = !wanted.has(f.dataset.severity); });
    const visible = new Set([...document.querySelectorAll(".finding:not([hidden])")].map((f) => f.dataset.n));
    document.querySelectorAll("mark[data-f]").forEach((mark) => {
      mark.classList.toggle("off", !mark.dataset.f.split(" ").some((n) => visible.has(n)));
    });
    const empty = file.querySelector(".filtered");
    if (empty) empty.hidden = heads(file).length > 0;
  }

  document.addEventListener("click", (event) => {
    const within = (selector) => event.target.closest(selector);
    const tab = within("[role=tab]");
    if (tab) return open(tab);
    const button = within(".filter");
    if (button) {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      return filter(button.closest("main.file"));
    }
    const link = within('a[href^="#"]');
    if (link) {
      event.preventDefault();
      return jump(link.getAttribute("href").slice(1));
    }
    const head = within(".finding .head");
    if (head) {
      const finding = head.closest(".finding");
      choose(finding);
      return jump(finding.dataset.target);
    }
    const mark = within("mark[data-f], .whole[data-f]");
    if (mark) {
      const numbers = mark.dataset.f.split(" ").filter((n) => !document.getElementById("f" + n).hidden);
      const current = numbers.findIndex((n) => document.getElementById("f" + n).classList.contains("on"));
      const finding = document.getElementById("f" + numbers[(current + 1) % numbers.length]);
      if (!finding) return undefined;
      const file = finding.closest("main.file");
      if (file.hidden) show(file);
      choose(finding);
      listed(finding);
      finding.querySelector(".head").focus({ preventScroll: true });
    }
    return undefined;
  });

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") return choose(null);
    const tab = event.target.closest && event.target.closest("[role=tab]");
    const step = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return undefined;
    if (tab && event.key.startsWith("Arrow")) {
      event.preventDefault();
      const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
      open(next);
      return next.focus();
    }
    const panel = event.target.closest && event.target.closest(".panel");
    if (event.key.startsWith("Arrow") && (!panel || /Left|Right/.test(event.key))) return undefined;
    const file = files.find((f) => !f.hidden);
    const all = heads(file);
    if (!all.length) return undefined;
    event.preventDefault();
    const at = all.findIndex((h) => h === document.activeElement || h.closest(".finding").classList.contains("on"));
    const head = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    head.focus({ preventScroll: true });
    choose(head.closest(".finding"));
    listed(head.closest(".finding"));
    return jump(head.closest(".finding").dataset.target);
  });

  if (files.length) show(files[0]);
  const wanted = /^#f\d+$/.test(location.hash) && document.querySelector(location.hash);
  if (wanted) {
    show(wanted.closest("main.file"));
    choose(wanted);
    listed(wanted);
    jump(wanted.dataset.target);
  }
  glide = matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
})();
