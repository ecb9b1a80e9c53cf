//! The pack as a web page: that it stands alone, and what a reader of it finds.

mod demonstration;
mod sample_pack;

use boardpack::assets::Assets;
use boardpack::report::{Pack, Templates, render};
use demonstration::Demonstration;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use sample_pack::Sample;
use std::collections::BTreeSet;
use std::process::Command;
use std::sync::LazyLock;

fn html(pack: &Pack<'_>) -> String {
    let templates =
        Templates::load(&Assets::templates(None), &Assets::fonts(None), "board_pack").unwrap_or_else(|faults| panic!("{faults}"));
    render(pack, &templates).unwrap_or_else(|faults| panic!("{faults}")).html
}

static AWKWARD: LazyLock<String> = LazyLock::new(|| html(&Sample::new(1).pack()));

#[test]
#[ignore = "look"]
fn look() {
    let page = html(&Demonstration::new().pack());
    std::fs::write("/tmp/htmltools/demo.html", &page).unwrap();
    std::fs::write("/tmp/htmltools/awkward.html", &*AWKWARD).unwrap();
}
