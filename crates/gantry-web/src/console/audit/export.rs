//! The audit log as a file: read in pages while it is sent, so that no length of it fills the memory.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::HttpResponse;
use actix_web::body::{BodySize, MessageBody};
use actix_web::http::header;
use actix_web::web::Bytes;
use gantry_core::audit::AuditFilter;
use gantry_core::failure::{Failure, Fault};
use gantry_core::paging::Cursor;
use gantry_identity::audit::{self, CSV_HEADER, csv_row, json_line};

use super::super::context::{Answer, Console};
use super::super::form::ConsoleForm;
use super::list_path;

/// What a page is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Json,
}

/// Where the writing is.
struct Writing {
    console: Console,
    filter: AuditFilter,
    format: Format,
    after: Option<Cursor>,
    begun: bool,
}

/// Takes the log out: writes that down, then sends it.
pub(super) async fn export(console: Console, sent: ConsoleForm) -> Answer {
    let format = if sent.get("format") == Some("json") { Format::Json } else { Format::Csv };
    let Some(filter) = super::filter(&console, &sent).await? else { return Ok(crate::respond::see_other(&list_path(&console))) };
    let (tenant, now) = (console.tenant.as_ref().map(|tenant| tenant.id), console.now()?);
    console.transact(async |tx| audit::begin_export(tx, console.actor, tenant, &filter, now).await).await?;
    let (media, name) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "audit.csv"),
        Format::Json => ("application/x-ndjson", "audit.jsonl"),
    };
    let writing = Writing { console, filter, format, after: None, begun: false };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(Lines { next: Some(Box::pin(page(writing))) }))
}

type Written = Result<(Bytes, Option<Writing>), Fault>;

/// Writes the next page.
async fn page(mut writing: Writing) -> Written {
    let tenant = writing.console.tenant.as_ref().map(|tenant| tenant.id);
    let rows = writing.console.read()?;
    let read = audit::export_page(&rows, writing.console.actor, tenant, writing.filter.clone(), writing.after.as_ref()).await;
    let read = read.map_err(|failure| match failure {
        Failure::Broken(fault) => fault,
        Failure::Refused(refusal) => Fault::new(format!("an export was refused on its way: {refusal}")),
    })?;
    let mut text = String::new();
    if writing.format == Format::Csv && !writing.begun {
        text.push_str(CSV_HEADER);
    }
    for entry in &read.items {
        text.push_str(&match writing.format {
            Format::Csv => csv_row(entry),
            Format::Json => json_line(entry),
        });
    }
    writing.begun = true;
    let more = read.next.is_some();
    writing.after = read.next;
    Ok((Bytes::from(text), more.then_some(writing)))
}

/// The pages as the body of an answer.
struct Lines {
    next: Option<Pin<Box<dyn Future<Output = Written>>>>,
}

impl MessageBody for Lines {
    type Error = Fault;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Fault>>> {
        let Some(next) = self.next.as_mut() else { return Poll::Ready(None) };
        match next.as_mut().poll(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok((bytes, rest))) => {
                self.next = rest.map(|rest| Box::pin(page(rest)) as Pin<Box<dyn Future<Output = Written>>>);
                // An empty piece would end the answer before its end.
                if bytes.is_empty() { self.poll_next(context) } else { Poll::Ready(Some(Ok(bytes))) }
            }
            Poll::Ready(Err(fault)) => {
                self.next = None;
                Poll::Ready(Some(Err(fault)))
            }
        }
    }
}
