"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const data = JSON.parse(at("data").textContent);
  const root = document.documentElement;
  const comma = root.lang === "de" ? "," : ".";
  const video = at("video"), stage = at("stage"), still = at("still"), canvas = at("over");
  let now = 0, moving = false, ticking = 0, clockStart = 0;

  const clock = (s, decimals = 1) => {
    const unit = 10 ** decimals, units = Math.round(s * unit), whole = Math.floor(units / unit);
    const minutes = Math.floor(whole / 60), tail = String(whole % 60).padStart(2, "0");
    const head = minutes >= 60 ? Math.floor(minutes / 60) + ":" + String(minutes % 60).padStart(2, "0") : minutes;
    return head + ":" + tail + (decimals ? comma + String(units % unit).padStart(decimals, "0") : "");
  };

  /* Theme: what the machine prefers, until somebody chooses. A page opened from disk may have no storage. */
  const remembered = () => { try { return localStorage.getItem("reelscribe-theme"); } catch { return null; } };
  const isDark = () => getComputedStyle(root).colorScheme === "dark" ||
    (root.dataset.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  if (remembered()) root.dataset.theme = remembered();
  at("theme").addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("reelscribe-theme", root.dataset.theme); } catch { /* not kept then */ }
    draw();
  });

  /* What is on at a moment: sorted by start, so that only those between are looked at. */
  const timed = (selector) => all(selector).map((node) => ({ node, start: +node.dataset.at, end: +node.dataset.end }));
  const words = timed(".word"), stretches = timed(".bar, .frame, .shot, .five");
  const light = (items, name) => {
    for (const item of items) {
      const on = item.start <= now && now < item.end;
      if (on !== item.on) { item.node.classList.toggle(name, on); item.on = on; }
    }
  };

  const keyframeAt = (s) => data.keyframes.find(([, start, end]) => start <= s && s < end) ??
    (s >= data.duration ? data.keyframes.at(-1) : undefined);

  const show = () => {
    at("head").style.left = `${100 * Math.min(1, now / data.duration)}%`;
    at("scrub").value = now;
    at("clock").textContent = clock(now);
    light(words, "lit");
    light(stretches, "now");
    if (still) {
      const frame = keyframeAt(now);
      still.className = frame ? `still kf-${frame[0]}` : "still";
      at("stamp").textContent = moving || !frame ? "" : `${still.getAttribute("aria-label")} ${clock(frame[3])}`;
    }
    draw();
  };

  const seek = (s) => {
    now = Math.max(0, Math.min(data.duration, s));
    clockStart = performance.now() - 1000 * now;
    if (moving) video.currentTime = now;
    show();
  };

  /* Playing: the video if it is there, else its keyframes in the same time. */
  const playing = () => document.body.classList.contains("playing");
  const setPlaying = (on) => {
    document.body.classList.toggle("playing", on);
    cancelAnimationFrame(ticking);
    if (on) { clockStart = performance.now() - 1000 * now; ticking = requestAnimationFrame(tick); }
  };
  const tick = () => {
    now = moving ? video.currentTime : (performance.now() - clockStart) / 1000;
    if (!moving && now >= data.duration) { now = data.duration; setPlaying(false); }
    show();
    if (playing()) ticking = requestAnimationFrame(tick);
  };
  const toggle = () => {
    if (now >= data.duration - 0.05) seek(0);
    if (!moving) setPlaying(!playing());
    else if (video.paused) video.play().catch(() => setPlaying(false));
    else video.pause();
  };
  at("play").addEventListener("click", toggle);
  at("scrub").addEventListener("input", (event) => seek(+event.target.value));

  /* Boxes, joints, gaze and texts over the picture; over a keyframe, those of its moment. */
  const BONES = [[5, 7], [7, 9], [6, 8], [8, 10], [5, 6], [5, 11], [6, 12], [11, 12], [11, 13], [13, 15], [12, 14], [14, 16], [0, 5], [0, 6]];
  const on = (key) => document.querySelector(`[data-over=${key}]`)?.checked;
  const color = (name) => getComputedStyle(document.querySelector(`.over-${name} > i`)).backgroundColor;
  const NEAR_MS = 350;
  const sampleAt = (samples, ms) => {
    let low = 0, high = samples.length - 1;
    if (high < 0 || ms < samples[0][0] - NEAR_MS || ms > samples[high][0] + NEAR_MS) return null;
    while (low < high) { const middle = (low + high + 1) >> 1; if (samples[middle][0] <= ms) low = middle; else high = middle - 1; }
    const before = samples[low], after = samples[low + 1];
    if (!after || before[0] > ms) return before;
    const gap = after[0] - before[0], share = (ms - before[0]) / gap;
    if (gap > 2 * NEAR_MS) return ms - before[0] <= NEAR_MS ? before : after[0] - ms <= NEAR_MS ? after : null;
    return before.map((value, index) => value < 0 || after[index] < 0 ? before[index] : value + share * (after[index] - value));
  };

  function draw() {
    if (!canvas) return;
    const ratio = devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio); canvas.height = Math.round(height * ratio);
    }
    const pen = canvas.getContext("2d"), frame = keyframeAt(now);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    if (!moving && !frame) return;
    const ms = 1000 * (moving ? now : frame[3]), x = (value) => value * width / 1000, y = (value) => value * height / 1000;
    pen.font = "600 11px system-ui, sans-serif"; pen.lineJoin = "round";
    const box = ([left, top, right, bottom], label, tone) => {
      pen.strokeStyle = tone; pen.lineWidth = 2;
      pen.beginPath(); pen.roundRect(x(left), y(top), x(right - left), y(bottom - top), 4); pen.stroke();
      if (!label) return;
      const wide = Math.min(pen.measureText(label).width + 10, width), tall = 16;
      const from = Math.min(x(left), width - wide), above = y(top) - tall >= 0 ? y(top) - tall : y(top);
      pen.fillStyle = tone; pen.beginPath(); pen.roundRect(from, above, wide, tall, 4); pen.fill();
      pen.fillStyle = isDark() ? "#111317" : "#fff"; pen.fillText(label, from + 5, above + 12, width - 10);
    };
    let drawn = 0;
    if (on("texts")) for (const text of data.overlay.texts) if (text.start <= ms && ms < text.end) { box(text.box, "", color("texts")); drawn += 1; }
    if (on("tracks")) for (const track of data.overlay.tracks) {
      const sample = sampleAt(track.at, ms);
      if (sample) { box(sample.slice(1), track.label, color("tracks")); drawn += 1; }
    }
    if (on("poses")) for (const pose of data.overlay.poses) {
      const sample = sampleAt(pose.at, ms);
      if (!sample) continue;
      const point = (joint) => [sample[1 + 2 * joint], sample[2 + 2 * joint]];
      pen.strokeStyle = pen.fillStyle = color("poses"); pen.lineWidth = 2.5; pen.lineCap = "round";
      for (const [from, to] of BONES) {
        const [a, b] = [point(from), point(to)];
        if (a[0] < 0 || b[0] < 0) continue;
        pen.beginPath(); pen.moveTo(x(a[0]), y(a[1])); pen.lineTo(x(b[0]), y(b[1])); pen.stroke();
      }
      for (let joint = 0; joint < 17; joint += 1) {
        const [px, py] = point(joint);
        if (px >= 0) { pen.beginPath(); pen.arc(x(px), y(py), 2.4, 0, 7); pen.fill(); }
      }
      drawn += 1;
    }
    if (on("faces")) for (const face of data.overlay.faces) {
      const sample = sampleAt(face.at, ms);
      if (!sample) continue;
      const [, left, top, right, bottom, yaw, pitch] = sample, tone = color("faces");
      box([left, top, right, bottom], "", tone);
      const from = [x((left + right) / 2), y(top + (bottom - top) * 0.42)], reach = 1.4 * x(right - left);
      const to = [from[0] + reach * Math.sin(yaw * Math.PI / 180), from[1] - reach * Math.sin(pitch * Math.PI / 180)];
      pen.strokeStyle = pen.fillStyle = tone; pen.lineWidth = 3;
      pen.beginPath(); pen.moveTo(...from); pen.lineTo(...to); pen.stroke();
      pen.beginPath(); pen.arc(...to, 4, 0, 7); pen.fill();
      drawn += 1;
    }
    canvas.dataset.drawn = drawn;
  }
  all("[data-over]").forEach((box) => box.addEventListener("change", draw));

  /* Seeking: anything with a time, and any place in the timeline. */
  const time = at("time"), through = at("through"), tip = at("tip"), ghost = at("ghost");
  const shareAt = (event) => {
    const place = through.getBoundingClientRect();
    return place.width ? (event.clientX - place.left) / place.width : -1;
  };
  document.addEventListener("click", (event) => {
    const timedNode = event.target.closest?.("[data-at]");
    if (timedNode && !timedNode.matches(".five")) return seek(+timedNode.dataset.at);
    const share = shareAt(event);
    if (event.target.closest?.(".rows") && share >= 0 && share <= 1) seek(share * data.duration);
  });
  addEventListener("keydown", (event) => {
    if (event.target.closest?.("input, button, a") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") { event.preventDefault(); toggle(); }
    if (event.key === "ArrowRight") { event.preventDefault(); seek(now + 1); }
    if (event.key === "ArrowLeft") { event.preventDefault(); seek(now - 1); }
  });

  /* Hovering: what, when, and what was measured. */
  const line = (name, text) => { const node = document.createElement(name); node.textContent = text; tip.append(node); };
  const tell = (event) => {
    tip.replaceChildren();
    const node = event.target.closest?.("[data-tip]"), curve = event.target.closest?.("[data-curve]");
    if (node) {
      line("b", node.dataset.title);
      line("time", `${clock(+node.dataset.at, 2)} – ${clock(+node.dataset.end, 2)}`);
      node.dataset.tip.split("\n").filter(Boolean).forEach((text) => line("span", text));
    } else if (curve && event.target.closest(".rows")) {
      const s = shareAt(event) * data.duration, told = data.curves[curve.dataset.curve];
      line("time", clock(Math.max(0, s), 1));
      for (const { title, start, step, values } of told.lines) {
        const value = values[Math.floor((s - start) / step)];
        if (value != null) line("span", `${title} ${value.toFixed(told.decimals).replace(".", comma)} ${told.unit}`);
      }
    }
    tip.hidden = !tip.childElementCount;
    if (tip.hidden) return;
    const { width, height } = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(event.clientX + 14, innerWidth - width - 8))}px`;
    tip.style.top = `${event.clientY + 20 + height > innerHeight ? event.clientY - height - 12 : event.clientY + 20}px`;
  };
  time.addEventListener("pointermove", (event) => {
    tell(event);
    const share = shareAt(event);
    ghost.hidden = share < 0 || share > 1;
    ghost.style.left = `${100 * share}%`;
    ghost.firstChild.textContent = clock(Math.max(0, share * data.duration));
  });
  time.addEventListener("pointerleave", () => { tip.hidden = ghost.hidden = true; });

  all("[data-group]").filter((node) => node.matches("input")).forEach((box) => box.addEventListener("change", () =>
    all(`.lane[data-group=${box.dataset.group}]`).forEach((lane) => { lane.hidden = !box.checked; })));
  let zoom = 1;
  const zoomed = (to) => {
    const scroll = at("scroll");
    zoom = Math.max(1, Math.min(64, to));
    time.style.setProperty("--zoom", zoom);
    scroll.scrollLeft = now / data.duration * scroll.scrollWidth - scroll.clientWidth / 2;
  };
  at("zoom-in").addEventListener("click", () => zoomed(zoom * 2));
  at("zoom-out").addEventListener("click", () => zoomed(zoom / 2));
  if (stage) new ResizeObserver(draw).observe(stage);
  /* On a narrow screen the picture goes along, small, when its seat is scrolled away. */
  const seat = at("seat");
  if (seat) new IntersectionObserver(([seen]) => seat.classList.toggle("away", !seen.isIntersecting)).observe(seat);
  /* report.html#t=4.5 opens at that moment. */
  const asked = /[#&]t=(\d+(?:\.\d+)?)/.exec(location.hash);
  if (asked) seek(+asked[1]);
  else show();

  /* The video, if it lies where the page looks for it. */
  const without = () => { moving = false; stage?.classList.remove("moving"); at("hint").hidden = false; show(); };
  if (video) {
    const begin = () => {
      if (moving) return;
      moving = true;
      at("hint").hidden = true;
      stage?.classList.add("moving");
      if (now) video.currentTime = now;
      show();
    };
    video.addEventListener("loadeddata", begin);
    if (video.readyState >= 2) begin();
    video.addEventListener("play", () => setPlaying(true));
    video.addEventListener("pause", () => setPlaying(false));
    video.addEventListener("seeked", () => { now = video.currentTime; show(); });
    video.addEventListener("click", toggle);
    const last = video.querySelector("source:last-of-type");
    last.addEventListener("error", without);
    if (video.networkState === HTMLMediaElement.NETWORK_NO_SOURCE) without();
  } else if (stage && data.keyframes.length) without();
  root.dataset.ready = "yes";
})();
