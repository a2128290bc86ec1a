"""How the page of figures looks, in light and in dark; its charts take the same colours."""

STYLE = """
:root { color-scheme: light dark; --ground: #ffffff; --text: #1d2329; --faint: #5c6873; --line: #d9dee3;
  --bar: #1f6feb; --h0: #e9edf0; --h1: #b7e0bd; --h2: #6cc07a; --h3: #2f9447; --h4: #145a27; }
@media (prefers-color-scheme: dark) { :root { --ground: #12161b; --text: #e6eaee; --faint: #9aa7b2; --line: #323a43;
  --bar: #6aa8ff; --h0: #232a32; --h1: #1d4a2a; --h2: #2b7a40; --h3: #4db066; --h4: #a2e8ad; } }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; background: var(--ground); color: var(--text);
  font: 16px/1.55 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2.2rem 0 .4rem; }
p { margin: .25rem 0; } .faint, .small { color: var(--faint); fill: var(--faint); }
svg { width: 100%; height: auto; display: block; } svg.square { max-width: 26rem; } .small { font-size: 10px; }
.bar { fill: var(--bar); } .grid { stroke: var(--line); } .range { stroke: var(--bar); stroke-width: 1.5; }
.ideal { stroke: var(--faint); stroke-dasharray: 4 4; }
.h0 { fill: var(--h0); } .h1 { fill: var(--h1); } .h2 { fill: var(--h2); } .h3 { fill: var(--h3); }
.h4 { fill: var(--h4); }
table { border-collapse: collapse; width: 100%; font-size: .92rem; } .wide { overflow-x: auto; }
th, td { padding: .28rem .6rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; white-space: normal; overflow-wrap: anywhere; }
details { margin: .3rem 0; } summary { color: var(--faint); cursor: pointer; font-size: .9rem; }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 0 2rem; }
"""
