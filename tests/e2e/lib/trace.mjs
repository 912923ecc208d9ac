// What the main thread of a page did, task by task, from a trace of Chromium.

const categories = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline", "blink.user_timing"];

/**
 * What the page's main thread did while `act()` ran. `tasks`: of each when it began, how long it took on the `clock` and in time
 * of the `thread`, which other processes don't lengthen, and what took most of it. `marks`: the page's own, `name` and time.
 * All in milliseconds.
 */
export async function traced(browser, page, act) {
  const session = await browser.newBrowserCDPSession();
  const events = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  await session.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: categories } });
  await page.evaluate(() => performance.mark("traced"));
  await act();
  const complete = new Promise((done) => session.once("Tracing.tracingComplete", done));
  await session.send("Tracing.end");
  await complete;
  await session.detach();
  const mark = events.find(({ name, cat }) => name === "traced" && cat.includes("user_timing"));
  const own = events.filter(({ ph, pid, tid }) => ph === "X" && pid === mark.pid && tid === mark.tid);
  const runs = own.filter(({ name }) => name === "RunTask" || name === "ThreadControllerImpl::RunTask").sort((one, another) => one.ts - another.ts || another.dur - one.dur);
  const tasks = [];
  let end = mark.ts;
  for (const run of runs) {
    if (run.ts < end) continue; // Within another one, or before the mark.
    end = run.ts + run.dur;
    tasks.push({ at: (run.ts - mark.ts) / 1000, clock: run.dur / 1000, thread: (run.tdur ?? run.dur) / 1000, parts: parts(own, run) });
  }
  const marks = events.filter(({ cat, pid, args }) => cat.includes("user_timing") && pid === mark.pid && args);
  return { tasks, marks: marks.map(({ name, ts }) => ({ name, at: (ts - mark.ts) / 1000 })) };
}

const kinds = ["FunctionCall", "TimerFire", "UpdateLayoutTree", "Layout", "PrePaint", "Paint", "Layerize", "Commit", "RunMicrotasks", "EventDispatch", "MinorGC", "MajorGC", "ParseHTML", "v8.compile", "V8.GC_MARK_COMPACTOR", "HitTest", "IntersectionObserverController::computeIntersections"];

/** What a task was made of, in milliseconds of the thread: outer parts hold their inner ones. */
function parts(events, { ts, dur }) {
  if (dur < 5000) return {};
  const sums = {};
  for (const event of events.filter((one) => kinds.includes(one.name) && one.ts >= ts && one.ts < ts + dur)) {
    sums[event.name] = Math.round(((sums[event.name] ?? 0) + (event.tdur ?? event.dur) / 1000) * 10) / 10;
  }
  return sums;
}
