//! The pages as printpdf writes them. It writes one after the other; here each core has a share of them, and what it makes is put into
//! one file: the same pages give the same bytes on however many cores.

use crate::canvas::Page;
use crate::cores::on_all_cores;
use crate::layout::{Fonts, LaidOut};
use crate::paint::{Used, all_glyphs, paint};
use lopdf::{Document, ObjectId};
use printpdf::{PdfDocument, PdfPage, PdfResources, PdfSaveOptions};
use std::num::NonZero;
use std::thread;

/// A file of the pages with their links, and of the fonts and pictures that they use.
pub fn write(laid: &LaidOut, fonts: &Fonts, used: &Used, resources: &PdfResources) -> lopdf::Result<Document> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let shares = laid.pages.chunks(laid.pages.len().div_ceil(cores).max(1));
    let made: Vec<lopdf::Result<_>> = on_all_cores(
        shares,
        || (),
        |(), pages: &[Page]| {
            let painted = pages.iter().map(|page| paint(page, laid, fonts, used));
            let (contents, links): (Vec<PdfPage>, Vec<PdfPage>) = painted.unzip();
            let mut file = serialise(resources, contents);
            let contents = content_ids(&file).into_iter().map(|id| content(&mut file, id).map(std::mem::take));
            Ok((links, contents.collect::<lopdf::Result<Vec<_>>>()?))
        },
    );
    let (mut pages, mut contents): (Vec<PdfPage>, Vec<Vec<u8>>) = (Vec::new(), Vec::new());
    for share in made {
        let (links, of_share) = share?;
        pages.extend(links);
        contents.extend(of_share);
    }
    // Fonts hold the glyphs that the file shows, which is why one page shows them all until its content stands in their place.
    if let Some(first) = pages.first_mut() {
        first.ops.extend(all_glyphs(used));
    }
    let mut file = serialise(resources, pages);
    for (id, of_page) in content_ids(&file).into_iter().zip(contents) {
        *content(&mut file, id)? = of_page;
    }
    Ok(file)
}

fn serialise(resources: &PdfResources, pages: Vec<PdfPage>) -> Document {
    let options = PdfSaveOptions { optimize: false, subset_fonts: false, secure: true, image_optimization: None };
    let mut pdf = PdfDocument::new("");
    pdf.resources = resources.clone();
    pdf.with_pages(pages).to_lopdf_document(&options, &mut Vec::new())
}

/// Of the one stream of each page, in the order of the pages.
fn content_ids(file: &Document) -> Vec<ObjectId> {
    file.page_iter().flat_map(|page| file.get_page_contents(page)).collect()
}

fn content(file: &mut Document, id: ObjectId) -> lopdf::Result<&mut Vec<u8>> {
    Ok(&mut file.get_object_mut(id)?.as_stream_mut()?.content)
}
