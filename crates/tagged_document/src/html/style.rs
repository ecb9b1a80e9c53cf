//! The style sheet: the look's colours for light pages and for dark ones, one column that fits any screen, tables that become
//! cards where it is narrow, and rules for print.

use crate::colour::Colour;
use crate::inks::Inks;
use crate::look::Look;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The whole sheet: the look's colours, then the rules, then what chooses rows by the statuses of `chosen_by`.
pub fn sheet(look: &Look, inks: &Inks, chosen_by: &BTreeSet<&str>) -> String {
    let mut out = String::from(":root{color-scheme:light");
    // The band of a cover is in the brand's colour on every page.
    let _ = write!(out, ";--band:{};--on-band:{}", look.colours.brand.hex(), look.colours.text.hex());
    colours(&mut out, look, inks, &|colour| colour);
    out.push_str("@media screen and (prefers-color-scheme:dark){\n:root{color-scheme:dark");
    colours(&mut out, look, inks, &|colour| look.dark.of(colour));
    out.push_str("}\n");
    let (before, after) = RULES.split_once(OF_TONES).unwrap_or((RULES, ""));
    out.push_str(before);
    if !look.tones.is_empty() {
        let classes: Vec<String> = look.tones.iter().map(|tone| format!(".{}", tone.name)).collect();
        let _ = writeln!(out, "{}{{color:var(--tone)}}", classes.join(","));
    }
    out.push_str(after);
    if !chosen_by.is_empty() {
        out.push_str("@media screen{@supports selector(:has(a)){\n");
        out.push_str(CHOICE);
        for name in chosen_by {
            let _ = writeln!(
                out,
                ".choice:has(>fieldset .by-{name}:checked) :is(.row:not(.is-{name}),tbody:not(:has(.is-{name}))){{display:none}}"
            );
        }
        out.push_str("}}\n");
    }
    out
}

/// What is in a colour of the look, or of a drawing, as custom properties and classes; it goes on within the rule of the root.
fn colours(out: &mut String, look: &Look, inks: &Inks, of: &dyn Fn(Colour) -> Colour) {
    let c = &look.colours;
    for (name, colour) in [
        ("page", Colour::WHITE),
        ("brand", c.brand),
        ("text", c.text),
        ("quiet", c.quiet),
        ("link", c.link),
        ("line", c.line),
        ("panel", c.panel),
        ("warning", c.warning_panel),
    ] {
        let _ = write!(out, ";--{name}:{}", of(colour).hex());
    }
    out.push_str("}\n");
    for tone in &look.tones {
        let _ = writeln!(out, ".{}{{--tone:{}}}", tone.name, of(tone.colour).hex());
    }
    for ground in &look.grounds {
        let _ = writeln!(out, ".ground-{}{{background:{}}}", ground.name, of(ground.colour).hex());
    }
    for (class, colour) in inks.classes() {
        let _ = writeln!(out, ".{class}{{color:{}}}", of(colour).hex());
    }
}

/// Where the rule of the tones stands.
const OF_TONES: &str = "@tones\n";

/// Buttons that choose rows, where a browser can do that.
const CHOICE: &str = "\
.choice>fieldset{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem 1.25rem;margin:1rem 0 .5rem;padding:.5rem .75rem;border:1px solid var(--line)}
.choice legend{padding:0 .25rem;font-weight:700}
.choice label{display:flex;align-items:center;gap:.4rem;min-height:1.75rem;cursor:pointer}
.choice label span{color:var(--quiet)}
.choice input{width:1.25rem;height:1.25rem;margin:0;accent-color:var(--link)}
";

/// The document's own font is used where the reader has it: within the file it would weigh more than all else.
const RULES: &str = "\
*{box-sizing:border-box}
html{font:100%/1.5 'Source Sans 3','Source Sans Pro','Segoe UI',Arial,Helvetica,sans-serif;color:var(--text);background:var(--page);-webkit-text-size-adjust:100%}
body{margin:0;overflow-wrap:break-word}
main,.top,footer{max-width:64rem;margin:0 auto;padding:0 1.25rem}
a{color:var(--link);text-underline-offset:.15em}
a:hover{text-decoration-thickness:.15em}
:focus-visible{outline:3px solid var(--text);outline-offset:2px;box-shadow:0 0 0 2px var(--page)}
.skip{position:absolute;left:-999rem;background:var(--page);padding:.5rem 1rem}
.skip:focus{left:0;top:0;z-index:1}
.defined{position:absolute}
.unseen{position:absolute;width:1px;height:1px;margin:0;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.top{display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:center;padding-top:.75rem;padding-bottom:.75rem;color:var(--quiet)}
.top p,.top .mark{margin:0}
footer p{margin:.25rem 0}
footer{margin-top:4rem;padding-top:1rem;padding-bottom:2rem;border-top:1px solid var(--line);color:var(--quiet)}
.mark{display:inline-block;margin:0 .4rem .5rem 0;padding:.1rem .6rem;border:1px solid var(--text);border-radius:.2rem;background:var(--warning);color:var(--text);font-weight:700;font-size:.875rem;line-height:1.4}
.band{margin:0 0 2rem;padding:3rem 1.75rem 2.5rem;background:var(--band);color:#fff}
.band *{color:inherit}
.band h1{margin:0 0 .75rem;font-size:clamp(1.9rem,6vw,3.25rem)}
.band p{max-width:none;font-size:1.2rem}
.band .mark,.band .callout{background:#fff;border-color:#fff;color:var(--on-band)}
.band :focus-visible{outline-color:#fff;box-shadow:none}
h1,h2,h3,h4,h5,h6{line-height:1.22;text-wrap:balance;scroll-margin-top:1rem}
h1,h2,h3{color:var(--brand)}
h1,h2{margin:3.5rem 0 1rem;font-size:clamp(1.6rem,4.5vw,2.2rem)}
h3{margin:2.75rem 0 .75rem;font-size:clamp(1.3rem,3.5vw,1.6rem)}
h4{margin:2.25rem 0 .5rem;font-size:1.2rem}
h5,h6{margin:1.75rem 0 .4rem;font-size:1.05rem}
.part{border-top:1px solid var(--line);margin-top:3.5rem}
.part>h1:first-child,.part>h2:first-child{margin-top:1.75rem}
main>.part:first-of-type{margin-top:0;border:0}
main>.part:first-of-type>.again{display:none}
.part>.again{margin-top:1.75rem}
.again+h2,.again+h3{margin-top:.25rem}
.again+.again{margin-left:.5rem}
p,li,dd{max-width:72ch}
p{margin:.6rem 0}
ul,ol{margin:.6rem 0;padding-left:1.6rem}
li{margin:.25rem 0}
hr{margin:2rem 0;border:0;border-top:1px solid var(--line)}
.small{font-size:.9rem;color:var(--quiet)}
.caption{font-weight:700}
.quiet{color:var(--quiet)}
@tones
.callout{max-width:none;margin:1rem 0;padding:.75rem 1rem;border-left:4px solid var(--brand);background:var(--panel)}
.warning{border-color:var(--text);background:var(--warning)}
abbr{text-decoration:underline dotted;text-underline-offset:.15em}
.pair{white-space:nowrap}
.sign{display:inline-block;width:.9em;height:.9em;vertical-align:-.07em}
.icon{display:inline-block;width:1.5em;height:1.5em;vertical-align:-.4em}
.spark{display:inline-block;vertical-align:middle}
.spark svg{display:block}
nav ul{list-style:none;padding-left:0}
nav ul ul{padding-left:1.4rem}
nav>ul>li{margin:.9rem 0;font-weight:700}
nav li li{font-weight:400}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,10.5rem),1fr));gap:.75rem;margin:1.25rem 0}
.card{padding:.75rem;border-top:4px solid var(--tone,var(--brand));background:var(--panel);color:var(--text)}
.card dt{font-weight:700;line-height:1.3}
.card dd{margin:0;color:var(--quiet);line-height:1.35}
.card .value{font-size:1.6rem;font-weight:700;line-height:1.25;color:var(--tone,var(--brand));font-variant-numeric:tabular-nums}
figure{margin:1.5rem 0}
figcaption{font-weight:700;margin-bottom:.4rem}
.chart svg{display:block;width:100%;max-width:52rem;height:auto}
.narrow{display:none}
path,circle,text{fill:currentColor}
.l{fill:none;stroke:currentColor;stroke-linejoin:round}
.choice>fieldset{display:none}
summary{padding:.25rem 0;color:var(--link);text-decoration:underline;text-underline-offset:.15em;cursor:pointer}
.picture img{max-width:100%;height:auto;background:#fff}
.scroll,.held{overflow-x:auto;margin:1rem 0}
.scroll>table,.held>table{margin:0}
table{border-collapse:collapse;margin:1rem 0;font-variant-numeric:tabular-nums;font-size:.95rem;line-height:1.4}
.full{width:100%}
caption{text-align:left;font-weight:700;padding:.3rem 0}
th,td{padding:.4rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
.few td{overflow-wrap:anywhere}
.scroll td,.scroll th{min-width:4.5rem}
.scroll th[scope=row]{min-width:11rem}
thead th{background:var(--panel);vertical-align:bottom;border-bottom:2px solid var(--quiet)}
thead td{background:var(--panel);border-bottom:2px solid var(--quiet)}
th[scope=row]{font-weight:400}
th[scope=rowgroup]{background:var(--panel)}
.grid th,.grid td{border:1px solid var(--line)}
th.r,td.r{text-align:right}
th.c,td.c{text-align:center}
.notes{margin-top:2rem;padding-top:.5rem;border-top:1px solid var(--line);font-size:.9rem}
@media screen and (max-width:44em){
main,.top,footer{padding-left:1rem;padding-right:1rem}
.band{margin-left:-1rem;margin-right:-1rem;padding:2rem 1rem}
.chart{display:none}
.narrow{display:block;margin:0 -.5rem}
.narrow svg{max-width:26rem}
.held :is(td,th){padding:.35rem .4rem;font-size:.9rem}
.scroll{overflow:visible}
.scroll :is(table,caption,tbody,td,th){display:block;width:auto;min-width:0}
.scroll thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.scroll tr{display:flex;flex-direction:column;margin:0 0 .75rem;padding:.5rem .75rem;border:1px solid var(--line);border-left:4px solid var(--brand)}
.scroll .grid tr{display:grid;grid-template-columns:1fr 1fr;column-gap:.75rem}
.scroll .grid th{grid-column:1/-1}
.scroll tr.group{margin-top:1.25rem;padding:0;border:0}
.scroll .group th{padding:.4rem .6rem}
.scroll :is(tbody td,tbody th){padding:.15rem 0;border:0;text-align:left;overflow-wrap:anywhere}
.scroll th[scope=row]{order:-2;min-width:0;font-weight:700;font-size:1.05rem}
.scroll .state{order:-1}
.scroll td:empty{display:none}
.scroll td[class*=ground-]{padding:.15rem .35rem}
.scroll td[data-label]::before{content:attr(data-label) ': ';color:var(--quiet)}
.scroll td[data-label]::before{content:attr(data-label) ': ' / ''}
.scroll td[data-label$='?']::before{content:attr(data-label) ' '}
}
@media(max-width:24em){.pair{white-space:normal}.held :is(td,th){overflow-wrap:anywhere;hyphens:auto}}
@media print{
@page{size:A4;margin:16mm 15mm}
html{font-size:10pt;line-height:1.38;-webkit-print-color-adjust:exact;print-color-adjust:exact}
main,.top,footer{max-width:none;padding-left:0;padding-right:0}
.skip,nav,details:not([open]){display:none}
@supports selector(::details-content){
details:not([open]){display:block}
details::details-content{content-visibility:visible;block-size:auto}
summary{list-style:none;color:inherit;text-decoration:none;font-weight:700}
}
.part{break-before:page;margin-top:0;border-top:0}
main>section:first-of-type{break-before:auto}
.part>h1:first-child,.part>h2:first-child{margin-top:0}
h1,h2,h3,h4,h5,h6,caption,figcaption,summary,.caption,.mark,tr.group{break-after:avoid}
.chart,tr,.card,.callout,.picture,li{break-inside:avoid}
.chart+.narrow+.small{break-before:avoid}
p{orphans:2;widows:2}
thead{display:table-header-group}
.scroll,.held{overflow:visible}
.scroll th,.scroll td{min-width:0;padding:.25rem .4rem}
.scroll th[scope=row]{min-width:26mm}
table{font-size:.88em}
.chart svg{max-width:100%}
a{text-decoration:none}
}
";
