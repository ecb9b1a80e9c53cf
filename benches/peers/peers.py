#!/usr/bin/env python3
"""Makes the same evidence by boardpack, by Typst and by WeasyPrint, each to PDF/UA-1, and prints their times side by side.

    cargo build --release
    python3 -m venv target/peers && target/peers/bin/pip install -r benches/peers/requirements.txt
    target/release/boardpack run --config examples/demo/boardpack.toml --no-send --out target/peers/out
    target/peers/bin/python benches/peers/peers.py target/peers/out

WeasyPrint (which needs Pango: `apt-get install libpango-1.0-0 libpangoft2-1.0-0`) sets the HTML edition as it is. For
Typst the HTML edition is translated beforehand: headings, paragraphs, lists, tables with their header cells, links, and
every chart as an SVG with its alternative text. Each program runs as a whole process, start to file.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as tree
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VOID = {"br", "hr", "meta", "img", "link", "input", "path", "use", "rect", "circle", "line"}
SVG = "http://www.w3.org/2000/svg"


class Reader(HTMLParser):
    """The HTML edition as a tree of elements."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = tree.Element("root")
        self.open = [self.root]

    def handle_starttag(self, tag, attributes):
        node = tree.SubElement(self.open[-1], tag, {key: value or "" for key, value in attributes})
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag, attributes):
        tree.SubElement(self.open[-1], tag, {key: value or "" for key, value in attributes})

    def handle_endtag(self, tag):
        if any(node.tag == tag for node in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data):
        node = self.open[-1]
        if len(node):
            node[-1].tail = (node[-1].tail or "") + data
        else:
            node.text = (node.text or "") + data


class Typst:
    """Typst markup of such a tree."""

    def __init__(self, folder, inks):
        self.folder = folder
        self.inks = inks
        self.charts = 0
        self.labels = set()

    def document(self, root):
        body = next(root.iter("main"))
        for node in body.iter():
            if "id" in node.attrib and node.tag in {"h1", "h2", "h3", "h4"}:
                self.labels.add(node.get("id"))
        title = self.text("".join(next(root.iter("title")).itertext()))
        return (
            f'#set document(title: "{quoted("".join(next(root.iter("title")).itertext()))}", author: "ICP")\n'
            '#set page(paper: "a4", margin: (x: 20mm, top: 20mm, bottom: 15mm), numbering: "1", '
            f"header: text(9pt)[{title}])\n"
            '#set text(font: "Source Sans 3", size: 10.5pt, lang: "en", region: "GB")\n'
            "#show heading.where(level: 1): it => { pagebreak(weak: true); it }\n"
            "#set table(stroke: (bottom: 0.5pt + luma(200)), inset: 5pt)\n"
            "#show table: set text(9.5pt)\n" + self.blocks(body)
        )

    def blocks(self, node):
        return "".join(self.block(child) for child in node)

    def block(self, node):
        if node.tag in {"h1", "h2", "h3", "h4"}:
            label = f" <{node.get('id')}>" if "id" in node.attrib else ""
            return f"\n{'=' * int(node.tag[1])} {self.inline(node)}{label}\n"
        if node.tag == "p":
            return f"\n{self.inline(node)}\n"
        if node.tag in {"ul", "ol"}:
            items = ", ".join(f"[{self.inline(item)}{self.blocks_in(item)}]" for item in node.findall("li"))
            return f"\n#{'list' if node.tag == 'ul' else 'enum'}({items})\n" if items else ""
        if node.tag == "table":
            return self.table(node)
        if node.tag == "figure":
            return self.figure(node)
        if node.tag == "nav":
            return "\n#outline(depth: 2)\n"
        if node.tag == "svg":
            return ""
        return self.blocks(node)

    def blocks_in(self, item):
        return "".join(self.block(child) for child in item if child.tag in {"ul", "ol"})

    def table(self, node):
        rows = list(node.iter("tr"))
        columns = max((sum(int(cell.get("colspan", 1)) for cell in row) for row in rows), default=1)
        head = {id(row) for part in node.findall("thead") for row in part.iter("tr")}
        cells = lambda row: ", ".join(
            f"table.cell(colspan: {cell.get('colspan', 1)}, rowspan: {cell.get('rowspan', 1)})[{self.inline(cell)}]" for cell in row
        )
        header = "".join(f"table.header({cells(row)}), " for row in rows if id(row) in head)
        body = "".join(f"{cells(row)}, " for row in rows if id(row) not in head and len(row))
        caption = node.find("caption")
        title = f"\n*{self.inline(caption)}*\n" if caption is not None else ""
        return f"{title}\n#table(columns: {columns}, {header}{body})\n"

    def figure(self, node):
        caption = node.find("figcaption")
        out = f"\n*{self.inline(caption)}*\n" if caption is not None else ""
        # The first is for a page of this width; the one for narrow screens shows the same.
        for svg in list(node.iter("svg"))[:1]:
            for part in svg.iter():
                self.colour(part)
            words = " ".join("".join(part.itertext()) for part in svg if part.tag in {"title", "desc"})
            name = f"chart-{self.charts}.svg"
            self.charts += 1
            svg.set("xmlns", SVG)
            (self.folder / name).write_bytes(tree.tostring(svg))
            out += f'\n#image("{name}", alt: "{quoted(words)}")\n'
        return out + "".join(self.block(child) for child in node if child.tag == "p")

    def colour(self, part):
        """The page has its colours as classes; an image of its own needs them itself."""
        classes = part.attrib.pop("class", "").split()
        colour = next((self.inks[name] for name in classes if name in self.inks), None)
        if colour and "l" in classes:
            part.attrib |= {"fill": "none", "stroke": colour, "stroke-linejoin": "round"}
        elif colour:
            part.set("fill", colour)

    def inline(self, node):
        out = self.text(node.text or "")
        for child in node:
            words = self.inline(child)
            if child.tag == "br":
                out += " \\\n"
            elif child.tag in {"strong", "b"} and words.strip():
                out += f"#strong[{words}]"
            elif child.tag in {"em", "i"} and words.strip():
                out += f"#emph[{words}]"
            elif child.tag == "a" and words.strip():
                target = child.get("href", "")
                inside = target.startswith("#")
                if inside and target[1:] not in self.labels:
                    out += words
                else:
                    to = f"<{target[1:]}>" if inside else f'"{quoted(target)}"'
                    out += f"#link({to})[{words}]"
            elif child.tag not in {"svg", "ul", "ol"}:
                out += words
            out += self.text(child.tail or "")
        return out

    @staticmethod
    def text(words):
        return re.sub(r"([\\#*_`$<>@\[\]~=+/-])", r"\\\1", re.sub(r"\s+", " ", words))


def quoted(words):
    return words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def timed(command, folder):
    """Seconds of the whole process and its greatest resident memory in MiB."""
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.chdir(folder)
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(os.open("said.txt", os.O_CREAT | os.O_WRONLY | os.O_TRUNC), 2)
        os.execvp(command[0], command)
    _, status, usage = os.wait4(child, 0)
    if status:
        sys.exit(f"{command[0]} failed:\n{(folder / 'said.txt').read_text()}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def pages(path):


    said = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"Pages:\s+(\d+)", said).group(1))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("out", type=Path, help="the folder that `boardpack run --out` wrote to")
    arguments.add_argument("--times", type=int, default=7)
    given = arguments.parse_args()
    quarter = sorted(path for path in given.out.iterdir() if (path / "manifest.json").exists())[-1]
    stem = f"evidence-{quarter.name}"
    reader = Reader()
    page = (quarter / f"{stem}.html").read_text()
    reader.feed(page)
    # Those of a light page come first.
    inks = dict(reversed(re.findall(r"\.(k\d+)\{color:(#[0-9A-Fa-f]{6})\}", page)))
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "pack.typ").write_text(Typst(folder, inks).document(reader.root))
        (folder / "pack.html").write_bytes((quarter / f"{stem}.html").read_bytes())
        typst = (
            "import typst; typst.compile('pack.typ', output='typst.pdf', pdf_standards=['ua-1'], "
            f"font_paths=[{str(ROOT / 'fonts')!r}], ignore_system_fonts=True)"
        )
        weasyprint = "import weasyprint; weasyprint.HTML('pack.html').write_pdf('weasyprint.pdf', pdf_variant='pdf/ua-1')"
        ours = [str(ROOT / "target/release/boardpack"), "render", "--config", str(ROOT / "examples/demo/boardpack.toml")]
        ours += ["--out", str(given.out.resolve()), "--only", stem]
        runs = [
            ("boardpack", ours, quarter / "preview" / f"{stem}.pdf", given.times),
            ("Typst", [sys.executable, "-c", typst], folder / "typst.pdf", given.times),
            ("WeasyPrint", [sys.executable, "-c", weasyprint], folder / "weasyprint.pdf", max(1, given.times // 3)),
        ]
        print(f"{'':12} {'seconds':>8} {'MiB':>6} {'pages':>6} {'KiB':>6}   beside boardpack: time, memory, size")
        base = None
        for name, command, made, times in runs:
            taken = [timed(command, folder) for _ in range(times)]
            seconds, memory = statistics.median(t for t, _ in taken), max(m for _, m in taken)
            size = made.stat().st_size / 1024
            base = base or (seconds, memory, size)
            ratios = ", ".join(f"{mine / ours:.1f}×" for mine, ours in zip((seconds, memory, size), base))
            print(f"{name:12} {seconds:8.3f} {memory:6.0f} {pages(made):6} {size:6.0f}   {ratios}")


if __name__ == "__main__":
    main()
