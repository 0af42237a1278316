package io.vmrpc.bench.report;

/** The page's look. Lines differ by colour (told apart by colour-blind eyes too) and by dash. */
final class Stylesheet {
    static final String CSS = """
        :root {
          color-scheme: light dark;
          --ground: #f4f6f8; --card: #ffffff; --ink: #17212b; --soft: #55616d; --rule: #e0e5ea; --grid: #e8ecf0;
          --good: #0a7050; --good-ground: #e2f4ed; --bad: #b3361b; --bad-ground: #fbe9e4; --open-ground: #eceff2;
          --vmrpc: #0b5fc2; --spin: #8637b3; --untouched: #c24a06; --vcpu: #8f6400; --all: #00785c; --floor: #66717c; --floor2: #36414c;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #0e1319; --card: #171e26; --ink: #e7ecf1; --soft: #9eabb8; --rule: #2c3641; --grid: #26303a;
            --good: #59d3a7; --good-ground: #12362b; --bad: #ff9478; --bad-ground: #43211a; --open-ground: #28323d;
            --vmrpc: #5aa9ff; --spin: #d6a0f5; --untouched: #ff8b57; --vcpu: #e3b744; --all: #3fcfa6; --floor: #98a4b0; --floor2: #d0d8e0;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto,
          "Helvetica Neue", "DejaVu Sans", sans-serif; -webkit-text-size-adjust: 100%; }
        header, main { max-width: 1140px; margin: 0 auto; padding: 0 20px; }
        header { padding-top: 44px; padding-bottom: 8px; }
        .eyebrow { margin: 0 0 14px; color: var(--soft); font-size: 14px; }
        h1 { margin: 0; max-width: 24em; font-size: clamp(25px, 4.2vw, 38px); line-height: 1.2; letter-spacing: -0.015em; text-wrap: balance; }
        h1.long { max-width: 40em; font-size: clamp(20px, 2.6vw, 26px); line-height: 1.3; }
        .lead { margin: 16px 0 0; max-width: 46em; font-size: clamp(16px, 2vw, 19px); color: var(--soft); }
        h2 { margin: 0 0 8px; font-size: 23px; line-height: 1.3; letter-spacing: -0.01em; }
        h3 { margin: 28px 0 12px; font-size: 17px; }
        section { margin-top: 52px; }
        p { text-wrap: pretty; }
        section > p, .circumstances p { max-width: 46em; margin: 0 0 16px; color: var(--soft); }
        .tiles { list-style: none; margin: 28px 0 0; padding: 0; display: grid; gap: 14px; grid-template-columns: repeat(4, 1fr); }
        .tiles:has(li:nth-child(5)) { grid-template-columns: repeat(3, 1fr); }
        .tiles li, figure, .scroll { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
        .tiles li { padding: 18px; display: flex; flex-direction: column; gap: 4px; }
        .figure { font-size: 36px; line-height: 1.1; font-weight: 700; letter-spacing: -0.02em; color: var(--vmrpc); }
        .what { flex: 1; font-size: 15px; line-height: 1.4; }
        .promise { margin-top: 12px; display: flex; flex-direction: column; align-items: flex-start; gap: 5px; font-size: 13px; color: var(--soft); }
        .verdict { display: inline-block; padding: 1px 9px; border-radius: 99px; font-size: 13px; font-weight: 600; white-space: nowrap;
          background: var(--open-ground); color: var(--soft); }
        .verdict.reached { background: var(--good-ground); color: var(--good); }
        .verdict.not_reached { background: var(--bad-ground); color: var(--bad); }
        .scroll { overflow-x: auto; }
        .scroll:focus-visible { outline: 2px solid var(--vmrpc); outline-offset: 2px; }
        table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
        th { font-weight: 400; text-align: left; }
        thead th { color: var(--soft); font-size: 13px; white-space: nowrap; }
        th, td { padding: 8px 14px; vertical-align: baseline; }
        .scroll tr + tr > *, .scroll tbody tr:first-child > * { border-top: 1px solid var(--rule); }
        .targets th[scope=row] { min-width: 17em; }
        .targets td:nth-child(3) { white-space: nowrap; }
        .targets td:nth-child(4) { min-width: 15em; color: var(--soft); }
        .rows td { text-align: right; white-space: nowrap; }
        .rows thead th:not(:first-child):not(.words) { text-align: right; }
        .rows th { white-space: nowrap; }
        .rows td.words { text-align: left; color: var(--soft); }
        .rows tbody th[scope=row], .rows thead th:first-child { position: sticky; left: 0; background: var(--card); }
        .rows .group th { padding-top: 14px; background: var(--card); font-weight: 600; }
        .rows .group span { position: sticky; left: 14px; }
        .charts { display: grid; gap: 16px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 460px), 1fr)); }
        figure { margin: 0; padding: 18px 18px 14px; max-width: 560px; min-width: 0; }
        figcaption { display: flex; flex-wrap: wrap; gap: 2px 12px; justify-content: space-between; margin-bottom: 10px; }
        figcaption span { color: var(--soft); }
        .result { margin: 10px 0 0; padding-top: 10px; border-top: 1px solid var(--rule); font-size: 14px; font-weight: 600; color: var(--vmrpc); }
        .plot { display: block; width: 100%; height: auto; overflow: visible; }
        .plot text { font-size: 12.5px; font-family: inherit; }
        .tick { fill: var(--soft); font-variant-numeric: tabular-nums; }
        .grid { stroke: var(--grid); stroke-width: 1; }
        .axis { stroke: var(--soft); stroke-width: 1; }
        .leader { fill: none; stroke: var(--soft); stroke-width: 0.8; stroke-dasharray: 1 2; }
        .line { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
        .dot { fill: currentColor; }
        .name { fill: currentColor; font-weight: 600; }
        .s-vmrpc { color: var(--vmrpc); }
        .s-spin, .s-other0 { color: var(--spin); }
        .s-untouched, .s-other1 { color: var(--untouched); }
        .s-vcpu, .s-other2 { color: var(--vcpu); }
        .s-all, .s-other3 { color: var(--all); }
        .s-floor { color: var(--floor); }
        .s-floor2 { color: var(--floor2); }
        .line.s-vmrpc { stroke-width: 3.4; }
        .line.s-spin, .line.s-other0 { stroke-dasharray: 14 3; }
        .line.s-untouched, .line.s-other1 { stroke-dasharray: 7 4; }
        .line.s-vcpu, .line.s-other2 { stroke-dasharray: 9 3 2 3; }
        .line.s-all, .line.s-other3 { stroke-dasharray: 2 3; stroke-width: 2.6; }
        .line.s-floor { stroke-dasharray: 4 2; stroke-width: 1.6; }
        .line.s-floor2 { stroke-dasharray: 1 3; }
        .key { position: absolute; left: 0; top: 0.6em; width: 34px; height: 10px; }
        .legend { margin-top: 10px; font-size: 13.5px; }
        .legend th, .legend td { padding: 2px 0 2px 10px; }
        .legend th:first-child { position: relative; padding-left: 43px; }
        .legend td, .legend thead th:not(:first-child) { text-align: right; white-space: nowrap; width: 5.2em; }
        .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        .circumstances { display: grid; gap: 16px 48px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); padding-bottom: 60px; }
        dl { margin: 0; display: grid; grid-template-columns: auto 1fr; gap: 6px 18px; font-size: 15px; }
        dt { color: var(--soft); }
        dd { margin: 0; overflow-wrap: anywhere; }
        nav { margin-top: 28px; }
        nav ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 8px; }
        nav a { display: block; padding: 5px 13px; border: 1px solid var(--rule); border-radius: 99px; background: var(--card); font-size: 14px; text-decoration: none; }
        a { color: var(--vmrpc); }
        a:focus-visible, summary:focus-visible, .pan:focus-visible { outline: 2px solid var(--vmrpc); outline-offset: 2px; }
        .short { max-width: 62em; grid-template-columns: minmax(9em, 14em) 1fr; gap: 10px 22px; font-size: 16px; }
        .findings { max-width: 52em; margin: 0 0 20px; padding-left: 22px; }
        .findings li { margin-bottom: 6px; }
        .findings li:first-child { font-weight: 600; }
        .warning { max-width: 52em; padding: 9px 14px; border-left: 4px solid var(--bad); background: var(--bad-ground); color: var(--bad) !important; font-size: 15px; }
        figure .warning { margin: 10px 0 0; font-size: 13.5px; }
        .chapter > .scroll, .chapter > figure, .chapter > details { margin-bottom: 16px; }
        caption { text-align: left; padding: 12px 14px 4px; font-weight: 600; }
        caption.unseen { padding: 0; }
        .figures th, .figures td { white-space: nowrap; }
        .figures td { text-align: right; }
        .figures thead th { white-space: normal; vertical-align: bottom; text-align: right; min-width: 5.5em; }
        .figures thead th:first-child, .figures thead th.words { text-align: left; }
        .figures tbody th { position: sticky; left: 0; background: var(--card); }
        .figures td.words { text-align: left; white-space: normal; min-width: 12em; color: var(--soft); }
        section > p.note { margin-top: 8px; font-size: 14px; }
        .scroll + .repeat { margin-top: 8px; }
        .repeat { font-size: 14px; color: var(--soft); line-height: 1.8; }
        code { font: 0.92em ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; padding: 1px 5px; border-radius: 5px;
          background: var(--open-ground); color: var(--ink); }
        summary { cursor: pointer; padding: 8px 0; font-weight: 600; }
        td small { display: block; color: var(--soft); font-size: 11.5px; }
        figure.wide { max-width: none; }
        .pan { overflow-x: auto; }
        .timeline { min-width: 640px; }
        .wide .legend th:first-child { min-width: 14em; }
        .band { fill: none; }
        .band.load-guest { fill: var(--untouched); fill-opacity: 0.09; }
        .band.load-host, .band.load-other { fill: var(--spin); fill-opacity: 0.09; }
        .band.load-both { fill: var(--untouched); fill-opacity: 0.2; }
        .line.peak, .line.peak.s-vmrpc { stroke-width: 1.2; stroke-dasharray: none; stroke-opacity: 0.75; }
        .s-other4 { color: var(--vmrpc); } .s-other5 { color: var(--floor2); } .s-other6 { color: var(--untouched); } .s-other7 { color: var(--floor); }
        .line.s-other4 { stroke-dasharray: 5 5; } .line.s-other5 { stroke-dasharray: none; stroke-width: 1.4; } .line.s-other6 { stroke-dasharray: 1 4; stroke-width: 3; }
        @media (max-width: 900px) { .tiles, .tiles:has(li:nth-child(5)) { grid-template-columns: repeat(2, 1fr); } }
        @media (max-width: 560px) {
          header, main { padding-left: 14px; padding-right: 14px; }
          header { padding-top: 26px; }
          section { margin-top: 40px; }
          .tiles { gap: 10px; }
          .tiles li { padding: 14px; }
          .figure { font-size: 28px; }
          .what { font-size: 14px; }
          figure { padding: 14px 12px; }
          .plot text { font-size: 14px; }
          th, td { padding: 7px 10px; }
          .legend { font-size: 13px; }
          .legend td, .legend thead th:not(:first-child) { width: auto; }
          .short { grid-template-columns: 1fr; gap: 2px; }
          .short dd { margin-bottom: 12px; }
          .rows tbody th[scope=row], .figures tbody th { min-width: 8.5em; max-width: 11em; white-space: normal; }
          .timeline text { font-size: 14.5px; }
          .targets thead { display: none; }
          .targets tr, .targets td, .targets th[scope=row] { display: block; min-width: 0; }
          .targets tr { padding: 12px 14px; }
          .targets tr + tr { border-top: 1px solid var(--rule); }
          .targets td:nth-child(3)::before { content: "Promised: "; color: var(--soft); }
          .targets td:nth-child(4)::before { content: "Measured: "; }
          .targets td, .targets th[scope=row] { padding: 2px 0; border: 0 !important; }
        }
        @media print { body { background: #fff; } figure, .tiles li { break-inside: avoid; } }
        """;

    private Stylesheet() {
    }
}
