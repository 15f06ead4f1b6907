/// The look of `report.html`, in light and dark and on paper.
let pageStyle = """
  :root { color-scheme: light dark; --bg: #f6f7f9; --card: #fff; --ink: #1c2430; --dim: #667085; --line: #dfe3ea;
    --good: #1a7f42; --bad: #c22530; --warn: #9a6700; --c1: #2563c9; --c2: #c07a10; --c3: #b3261e;
    --event: #7a3fc4; --cause: #fff2cc; --badbg: #fde7e8; }
  @media (prefers-color-scheme: dark) {
    :root { --bg: #12161c; --card: #1a2029; --ink: #e3e8ef; --dim: #94a0b3; --line: #303a47; --good: #4cc274; --bad: #ff7b7f;
      --warn: #e0b040; --c1: #6ea8ff; --c2: #f0b45a; --c3: #ff7b7f; --event: #c196ff; --cause: #3a3317; --badbg: #431f24; } }
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 1.5rem auto; padding: 0 1rem;
    background: var(--bg); color: var(--ink); }
  header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 1.2rem; }
  h1 { margin: 0; font-size: 1.9rem; } h2 { margin: 0 0 0.6rem; font-size: 1.2rem; } h3 { margin: 1.1rem 0 0.3rem; font-size: 1rem; }
  header p, .dim { color: var(--dim); } p { margin: 0.3rem 0; }
  .card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.2rem; margin: 1rem 0; }
  .tiles { display: flex; flex-wrap: wrap; gap: 0.7rem; padding: 0; list-style: none; }
  .tiles li { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 0.4rem 1rem; color: var(--dim); }
  .tiles b { display: block; font-size: 1.4rem; color: var(--ink); }
  .passed, .tiles b.passed { color: var(--good); } .failed, .errored, .tiles b.failed, .tiles b.errored { color: var(--bad); }
  .flaky, .tiles b.flaky { color: var(--warn); } .skipped { color: var(--dim); }
  h2 span { border: 1px solid; border-radius: 5px; padding: 0 0.4rem; font-size: 0.8rem; vertical-align: 0.12rem; }
  table { border-collapse: collapse; margin: 0.4rem 0 0.6rem; }
  th, td { text-align: left; padding: 0.2rem 0.9rem 0.2rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
  th { color: var(--dim); font-weight: 500; } .n { text-align: right; }
  td.n, td.passed, td.failed, td.errored, td.flaky, td.skipped { white-space: nowrap; }
  td { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; } tr.cause td { background: var(--cause); }
  code, pre, .facts td { font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
  pre { background: var(--bg); border-radius: 6px; padding: 0.5rem 0.7rem; overflow-x: auto; margin: 0.3rem 0; }
  .facts td { white-space: pre-wrap; } .facts .good { color: var(--good); } .facts .bad { color: var(--bad); }
  .facts .dim { color: var(--dim); } summary { cursor: pointer; color: var(--dim); } details table { font-size: 13px; }
  .wide { overflow-x: auto; } svg { display: block; max-width: 100%; height: auto; margin: 0.6rem 0; min-width: 44rem; }
  svg text { font: 12px ui-monospace, "DejaVu Sans Mono", monospace; fill: var(--ink); }
  svg .title { font: 600 13px system-ui, sans-serif; } svg .tick, svg .time, svg .detail, svg .dim, svg .legend { fill: var(--dim); font-size: 11px; }
  svg line { stroke: var(--line); } svg .axis { stroke: var(--dim); } svg .life { stroke-dasharray: 2 3; stroke: var(--dim); }
  svg .head { fill: var(--card); stroke: var(--dim); rx: 5px; } svg .server { fill: var(--bg); }
  svg .name { font-weight: 600; } svg path { fill: none; stroke-width: 2px; stroke-linecap: round; stroke-linejoin: round; }
  svg .request, svg .c1 { stroke: var(--c1); } svg .response { stroke: var(--good); } svg .event { stroke: var(--event); }
  svg .refusal, svg .ending, svg .cross, svg .c3 { stroke: var(--bad); } svg .c2 { stroke: var(--c2); } svg .c4 { stroke: var(--dim); stroke-dasharray: 2 4; }
  svg .control { stroke: var(--line); } svg line.response, svg line.control { stroke-dasharray: 5 3; } svg line.proof { stroke-width: 3px; }
  svg .tip { stroke: none; } svg .tip.request { fill: var(--c1); } svg .tip.response { fill: var(--good); } svg .tip.event { fill: var(--event); }
  svg .tip.refusal { fill: var(--bad); } svg .tip.control { fill: var(--line); } svg .cross { stroke-width: 3px; }
  svg text.label { stroke: var(--card); stroke-width: 4px; paint-order: stroke; stroke-linejoin: round; }
  svg text.control { fill: var(--dim); } svg text.refusal, svg text.ending { fill: var(--bad); } svg text.event { fill: var(--event); }
  svg .verdict { fill: var(--bad); font-weight: 600; } svg .tag { fill: var(--warn); font-weight: 600; } svg .tag-bad { fill: var(--bad); font-weight: 600; }
  svg .band-cause { fill: var(--cause); } svg .band-bad, svg .band-evidence { fill: var(--badbg); } svg .wait { fill: var(--bad); opacity: 0.35; }
  svg .grid { stroke: var(--line); } svg .limit { stroke: var(--warn); stroke-dasharray: 6 4; } svg .limit-name { fill: var(--warn); font-size: 11px; }
  svg line.c1, svg line.c2, svg line.c3, svg line.c4 { stroke-width: 3px; } svg .bar { fill: var(--c1); opacity: 0.55; rx: 3px; } svg .bar-name { font-size: 11px; }
  svg .phase-connecting, svg .phase-stopping, svg .skipped { fill: var(--dim); opacity: 0.35; } svg .phase-running, svg .bar.passed { fill: var(--good); }
  svg .loss, svg .bar.failed, svg .bar.errored { fill: var(--bad); } svg .bar.flaky { fill: var(--warn); }
  @media print { :root { --bg: #fff; } body { margin: 0; font-size: 12px; } .card { border: 0; padding: 0; } details { display: none; }
    h2, h3 { break-after: avoid; } svg, tr, pre { break-inside: avoid; } svg { min-width: 0; } .wide { overflow: visible; } }

  """
