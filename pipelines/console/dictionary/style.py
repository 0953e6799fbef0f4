"""Style and script of the dictionary's HTML page: nothing is loaded from elsewhere.

Belongs here: CSS and JavaScript as text. Does not: content (html_page.py).
"""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
"""A browser may load nothing at all; what runs stands in the page."""

STYLE = """
:root{color-scheme:light dark;--ink:#1d2433;--quiet:#5a6478;--line:#d9dee8;--soft:#f4f6fa;--paper:#fff;--link:#0b57a4;
--warn:#8a5300}
@media (prefers-color-scheme:dark){:root{--ink:#e4e8f0;--quiet:#9aa5b8;--line:#343d4d;--soft:#1d232d;--paper:#14181f;
--link:#86bbff;--warn:#ffc66b}}
*{box-sizing:border-box}html{scroll-padding-top:7rem}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);margin:0}
header,main{max-width:75rem;margin:0 auto;padding:0 1.25rem}header{padding-top:1.25rem}
main{overflow-x:clip}
.bar{position:sticky;top:0;z-index:1;background:var(--paper);border-bottom:1px solid var(--line)}
.bar div{max-width:75rem;margin:0 auto;padding:.6rem 1.25rem;display:flex;gap:.4rem 1.25rem;flex-wrap:wrap;
align-items:center}
nav{display:flex;gap:.2rem 1rem;flex-wrap:wrap}a{color:var(--link)}
nav a{white-space:nowrap;text-decoration:none}nav a:hover{text-decoration:underline}
input{font:inherit;color:inherit;background:var(--soft);border:1px solid var(--line);border-radius:.4rem;
padding:.35rem .7rem;width:22rem;max-width:100%}
h1{font-size:1.75rem;margin:0}h2{font-size:1.4rem;margin:2.75rem 0 .25rem;padding-bottom:.3rem;
border-bottom:2px solid var(--line)}h3{font-size:1.1rem;margin:1.9rem 0 .25rem}h4{font-size:1rem;margin:0}
p{margin:.35rem 0 .6rem;max-width:62rem}.quiet{color:var(--quiet);font-weight:400}.quiet,dt{font-size:.94em}
h3,h4,p,li,dd,td{overflow-wrap:break-word}li code{overflow-wrap:anywhere}td:nth-child(-n+2){white-space:nowrap}
td:nth-child(2){font-size:.88em}td:last-child{font-size:.9em}
code,pre{font:.88em/1.45 ui-monospace,Menlo,Consolas,monospace}
pre{background:var(--soft);border-radius:.4rem;padding:.75rem .9rem;overflow-x:auto;margin:.5rem 0}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;min-width:40rem;margin:.4rem 0}
th,td{text-align:left;padding:.35rem .9rem .35rem 0;vertical-align:top;border-bottom:1px solid var(--line)}
th{font-weight:600;color:var(--quiet);font-size:.9em}
details{margin:.4rem 0}summary{cursor:pointer;color:var(--link)}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.metric{border:1px solid var(--line);border-radius:.6rem;padding:.9rem 1.1rem;margin:.8rem 0}
.metric p{margin:.2rem 0 .5rem}dl{display:grid;grid-template-columns:6.5rem 1fr;gap:.25rem .75rem;margin:.4rem 0}
dt{color:var(--quiet)}dd{margin:0}dd.beware{color:var(--warn)}
ul.tree{list-style:none;margin:.3rem 0;padding:0}ul.tree li{padding-left:calc(var(--depth)*1.4rem);font-size:.93em}
ul.tree li.end code{font-weight:600}
@media (max-width:40rem){table,tbody,tr,td{display:block;min-width:0;width:auto}tr:has(th){display:none}
tr{border-bottom:1px solid var(--line);padding:.45rem 0}td{border:0;padding:.05rem 0}td:empty{display:none}
td:nth-child(-n+2){white-space:normal;display:inline-block;margin-right:.6rem}body{font-size:15px}.bar{position:static}html{scroll-padding-top:1rem}
dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.4rem}header,main,.bar div{padding-left:.9rem;padding-right:.9rem}}
@media print{.bar{position:static}nav,input{display:none}.metric{break-inside:avoid}}
""".strip()

SCRIPT = """
const box=document.getElementById('filter'),told=document.getElementById('told');
const sections=[...document.querySelectorAll('section')].map(s=>[s,s.textContent.toLowerCase()]);
const groups=[...document.querySelectorAll('.group,.schema')];
let waiting;
function show(){const wanted=box.value.trim().toLowerCase();let shown=0;
for(const [s,text] of sections){s.hidden=!text.includes(wanted);shown+=!s.hidden}
for(const g of groups)g.hidden=!g.querySelector('section:not([hidden])');
told.textContent=wanted?`${shown} of ${sections.length}`:''}
box.addEventListener('input',()=>{clearTimeout(waiting);waiting=setTimeout(show,120)});
function open(){const place=document.getElementById(decodeURIComponent(location.hash.slice(1)));
if(place&&place.tagName==='DETAILS')place.open=true}
addEventListener('hashchange',open);open();
""".strip()
